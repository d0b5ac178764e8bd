//! Words that say that a key goes out to everybody who opens a page or an app.

/// Those who count visitors, gather reports of crashes, search, draw maps or talk to visitors.
const SERVICES: &str = "\
    analytics mixpanel segment posthog amplitude rudder rudderstack kissmetrics bugsnag raygun flurry hoptoad airbrake honeybadger \
    algolia docsearch typesense telemetry rum eum fonts maps map maptiler thunderforest stadiamaps beacon logrocket \
    fullstory hotjar gtag bugherd intercom disqus cookiebot cookiehub onetrust usercentrics captcha recaptcha hcaptcha turnstile";
/// How names of settings begin that builders of pages and apps put into what everybody loads.
const BUNDLED: [&str; 8] =
    ["react_app_", "next_public_", "vite_", "vue_app_", "gatsby_", "expo_public_", "nuxt_public_", "ng_app_"];

/// Whether a word in small letters is the name of such a service, or of what it does.
pub(super) fn is_service(word: &str) -> bool {
    SERVICES.split_ascii_whitespace().any(|known| known == word)
}

/// `NEXT_PUBLIC_SHOP_KEY`: whether a page or an app carries what has that name.
pub(super) fn is_bundled(name: &[u8]) -> bool {
    BUNDLED.iter().any(|start| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())))
}

/// `config/initializers/bugsnag.rb`: whether the name of a file is that of such a service alone.
pub(super) fn is_file_of_service(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let stem = name.split(|b| *b == b'.').find(|part| !part.is_empty()).unwrap_or_default();
    std::str::from_utf8(stem).is_ok_and(|stem| is_service(&stem.to_ascii_lowercase()))
}
