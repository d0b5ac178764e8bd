//! Pairs of an id and a secret, in both orders and in the shapes in which they are written: one finding that names the id.

use crate::support::report;
use crate::support::samples::fill;
use unleak::document::{Changed, Lines};
use unleak::finding::Severity;

/// Ten settings without a credential.
const TEN_LINES: &[(&str, &str)] = &[
    ("LOG_LEVEL", "info"),
    ("LOG_FORMAT", "json"),
    ("HTTP_PORT", "8080"),
    ("HTTP_TIMEOUT_SECONDS", "30"),
    ("CACHE_TTL_SECONDS", "600"),
    ("MAIL_HOST", "mail.acme.dev"),
    ("MAIL_FROM_ADDRESS", "noreply@acme.dev"),
    ("FEATURE_NEW_CHECKOUT", "true"),
    ("DEFAULT_LOCALE", "en_GB"),
    ("UPLOAD_FOLDER", "/var/lib/acme/uploads"),
];

/// One row of `pairs.txt`.
struct Pair<'a> {
    rule: &'a str,
    vendor: &'a str,
    /// Name and sample of the id and of the secret.
    halves: [(&'a str, String); 2],
    call: &'a str,
}

impl<'a> Pair<'a> {
    fn read(line: &'a str) -> Self {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [rule, vendor, id_name, id, secret_name, secret, call] = cells[..] else {
            panic!("a pair has seven columns: {line}")
        };
        Pair { rule, vendor, halves: [(id_name, id.to_owned()), (secret_name, format!("«{secret}»"))], call }
    }

    fn named(&self, name: &str) -> String {
        if self.vendor.is_empty() { name.to_owned() } else { format!("{}_{name}", self.vendor) }
    }

    /// Both halves in each shape, in this order: what the shape is called, the file, its text.
    fn shapes(&self, order: [usize; 2]) -> Vec<(&'static str, &'static str, String)> {
        let [(first, one), (second, two)] = order.map(|half| (self.halves[half].0, &self.halves[half].1));
        let (long_first, long_second) = (self.named(first), self.named(second));
        let (env_first, env_second) = (long_first.to_uppercase(), long_second.to_uppercase());
        let vendor = if self.vendor.is_empty() { "service" } else { self.vendor };
        let between: String = TEN_LINES.iter().map(|(name, value)| format!("{name} = \"{value}\"\n")).collect();
        let settings: String = TEN_LINES.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        vec![
            ("two lines", "settings.py", format!("{long_first} = \"{one}\"\n{long_second} = \"{two}\"\n")),
            ("ten lines between", "config.py", format!("{env_first} = \"{one}\"\n{between}{env_second} = \"{two}\"\n")),
            ("ten lines between, .env", ".env", format!("{env_first}={one}\n{settings}{env_second}={two}\n")),
            (
                "JSON",
                "config.json",
                format!(
                    "{{\n  \"{vendor}\": {{\n    \"{}\": \"{one}\",\n    \"{}\": \"{two}\"\n  }}\n}}\n",
                    camel(first),
                    camel(second)
                ),
            ),
            ("YAML", "config.yaml", format!("{vendor}:\n  {first}: {one}\n  {second}: '{two}'\n")),
            (".env", ".env", format!("{env_first}={one}\n{env_second}={two}\n")),
            ("call", "client.py", format!("client = {}({first}=\"{one}\", {second}=\"{two}\")\n", self.call)),
        ]
    }

    /// What is wrong with one text.
    fn wrong(&self, number: usize, shape: &str, path: &str, template: &str) -> Option<String> {
        let sample = fill("pairs", number, 0, &format!("⟪{path}⟫\n{template}"));
        let id = fill("pairs", number, 0, template);
        let report = report(&sample.path, &sample.text, Changed::Whole);
        let told: Vec<_> = report.findings.iter().filter(|f| f.holds_secret() && f.severity > Severity::Note).collect();
        let place = Lines::new(&id.text).location(&sample.expected[0]);
        let problem = match told[..] {
            [finding] if !finding.rule.id().starts_with(self.rule) => format!("by {}", finding.rule.id()),
            [finding] if finding.location != place => "at another place".to_owned(),
            [finding] => match &finding.key_id {
                Some(id) if String::from_utf8_lossy(&sample.text).contains(id.as_str()) && !id.is_empty() => {
                    let secret = String::from_utf8_lossy(finding.secret.expose());
                    if secret.contains(id.as_str()) { "the secret is named as the id".to_owned() } else { return None }
                }
                _ => "names no id".to_owned(),
            },
            [] => "nothing".to_owned(),
            _ => format!("{} findings: {:?}", told.len(), told.iter().map(|f| f.rule.id()).collect::<Vec<_>>()),
        };
        Some(format!("{} {shape}: {problem}\n{}", self.rule, String::from_utf8_lossy(&sample.text)))
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
}

#[test]
fn a_pair_is_one_finding_that_names_its_id_in_either_order() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let lines = include_str!("pairs.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    for (number, line) in lines.enumerate() {
        let pair = Pair::read(line);
        for (way, order) in [("id first", [0, 1]), ("secret first", [1, 0])] {
            for (shape, path, text) in pair.shapes(order) {
                count += 1;
                wrong.extend(pair.wrong(number, &format!("{shape}, {way}"), path, &text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 300, "{count} texts");
}

/// A login in one piece, and whose it is.
const LOGINS: &[(&str, &str)] = &[
    ("git clone https://deploy:«%{password:14}»@git.acme.dev/app.git", "deploy"),
    ("DATABASE_URL=postgres://shop:«%{password:16}»@db.acme.dev:5432/shop", "shop"),
    ("MAIL_URL='smtps://robot:«%{password:12}»@mail.acme.dev:465'", "robot"),
    ("curl -u anna:«%{password:12}» https://ci.acme.dev/job", "anna"),
    ("requests.get(url, auth=(\"anna\", \"«%{password:12}»\"))", "anna"),
    ("new NetworkCredential(\"anna\", \"«%{password:12}»\")", "anna"),
    ("curl_setopt($c, CURLOPT_USERPWD, 'anna:«%{password:12}»');", "anna"),
    ("ftp.login('anna', '«%{password:12}»')", "anna"),
    ("sqlplus scott/«%{password:12}»@//db.acme.dev/orcl", "scott"),
    ("⟪.netrc⟫\nmachine git.acme.dev login anna password «%{password:14}»", "anna"),
    ("⟪.pgpass⟫\ndb.acme.dev:5432:shop:anna:«%{password:14}»", "anna"),
];

#[test]
fn a_login_is_one_finding_that_names_its_user() {
    for (number, (template, user)) in LOGINS.iter().enumerate() {
        let sample = fill("logins", number, 0, &format!("{template}\n"));
        let report = report(&sample.path, &sample.text, Changed::Whole);
        let told: Vec<_> = report.findings.iter().filter(|f| f.holds_secret()).collect();
        let [finding] = told[..] else { panic!("{template}: {} findings", told.len()) };
        assert_eq!(finding.location, Lines::new(&sample.text).location(&sample.expected[0]), "{template}");
        assert_eq!(finding.key_id.as_deref(), Some(*user), "{template}");
        assert!(finding.remedy.next.starts_with(&format!("change the password of {user}")), "{}", finding.remedy.next);
    }
}
