//! What a name means: whether it names a credential, or something about one.

use super::Assigned;
use crate::rule::Credential;
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::sync::OnceLock;

/// How surely a name is that of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Meaning {
    /// It names something else.
    Other,
    /// It may.
    Weak,
    /// It does.
    Strong,
}

/// Words behind the credential's own that make the name that of something else.
static ABOUT: Words = Words::new(
    "\
    file files filename path paths dir directory folder url urls uri uris link links href endpoint name names id ids uuid uuids guid guids \
    identifier type types typ kind field fields fieldname column columns col label labels placeholder title caption \
    message messages msg error errors err failure help hint hints prompt length len size sizes min max minimum \
    maximum count counts counter limit limits regex regexp re pattern patterns policy policies rule rules format \
    formats validator validators validation validate reset recovery recover forgot forgotten change changed expiry \
    expires expire expired expiration expiring ttl lifetime timeout age date time timestamp at on header headers \
    param params parameter parameters prefix suffix separator delimiter delim store storage manager provider providers \
    service services factory class handler callback cb function func fn method methods controller view views page \
    form forms input inputs element elements el selector button icon css style styles index idx position pos \
    offset start begin end list array map mapping set dict table tables cache scope scopes audience issuer algorithm \
    algo alg encoder encoders encoding hasher hashers hashing strength score quality generator generation required \
    enabled enable disabled disable visible visibility hidden mode modes status state verified valid invalid exists \
    missing version versions arn ref refs reference alias description desc doc docs documentation comment \
    note notes question env envvar variable property properties prop props attribute attributes attr schema template \
    resource resources source sources target event events request requests response responses body payload context \
    config configuration settings setting options option opts info details object instance usage used usages \
    rotation rotate mount volume bucket group groups role roles permission permissions grant grants command cmd \
    script tool widget dialog modal screen toggle switch checkbox area box wrapper container section filter \
    filters converter serializer deserializer parser lexer token_type reader writer resolver interceptor middleware \
    strategy flow flows grant_type protection protected protector encryptor encrypter confirmation_error exception \
    exceptions check checker checks complexity history tests test_case spec specs suite fixture \
    is has should must can not authentication authenticate authenticated authenticator auth login logins logon \
    less auth_method based kind_of stream streams iterator iter tree node nodes value_type family families ring \
    agent agents helper helpers util utils plugin module package api import export imports imported requirement \
    retry retries attempt attempts lockout free protect encrypted cipher ciphertext decrypt decrypted decryptor \
    encrypt sink line lines row rows span kinds chars character characters char_count price cost costs \
    budget rate rates balance address addr symbol decimals contract supply owner holder transfer pair pairs \
    pool ratio ocid fingerprint fingerprints thumbprint with text_field stdin cmd_line inputfield eval evaluator fd descriptor",
);

/// Words round the credential's own that leave its meaning as it is.
static NEUTRAL: Words = Words::new(
    "\
    value val values string str text plain plaintext clear cleartext raw new old current confirm confirmation confirmed \
    repeat again retype default prod production dev development devel test testing stage staging qa uat local live \
    sandbox demo key base64 b64 hex bytes admin root user me my our the for of db database primary secondary main \
    master backup temp tmp initial init bootstrap system app application api web smtp mail email imap ldap ftp sftp \
    ssh http https proxy mysql mariadb mssql sql pg postgres postgresql redis mongo mongodb rabbitmq amqp kafka oracle \
    sa jdbc datasource spring rails django flask laravel jwt oauth oauth2 oidc sso saml session cookie \
    access client server service account site bot webhook signing signature encryption crypto private secret shared \
    hmac consumer personal bearer refresh id_rsa aws azure gcp google github gitlab slack twilio stripe \
    sendgrid paypal facebook twitter wifi wpa wlan vpn keystore truststore store ssl tls cert certificate p12 pfx \
    pem enable config conf cfg settings env environment global common data auth login basic docker registry nexus \
    npm jenkins sonar vault consul grafana elastic elasticsearch kibana splunk datadog sentry host remote source \
    target superuser manager guest member customer owner hash hashed digest md5 sha1 sha256 bcrypt crypt salt \
    password passwd pwd pass secret token credential credentials apikey passphrase one two a b c x y const final",
);

/// Words that speak for a check or a sentence about it, not for a value.
static VERBS: Words = Words::new(
    "\
    is has no not show hide forgot forget forgotten lost reset change update require requires required allow allows \
    validate valid invalid verify check checks confirm_error generate use uses enable disable supports support \
    missing missed wrong bad incorrect empty blank need needs ask asks prompt max min num number count length total \
    expired expires skip ignore remember without with_out enter choose create_link",
);

/// Words before `token` that make it a piece of text, a page or a step.
static OTHER_TOKENS: Words = Words::new(
    "\
    next prev previous page paging pagination continuation continue resume starting start begin end open close \
    opening closing left right first last cur eof eol eos bos sep request action lifecycle pad unk mask cls special added \
    string comment lex lexer lexical parse parser parsing syntax identifier ident keyword operator punctuation number \
    literal word words sub design color theme style css cancel cancellation abort stop request_id sync delta cursor \
    unexpected expected skip peek lookahead max min num total input output prompt completion reserved regexp tag \
    type brace paren bracket newline whitespace semi comma colon block change marker version erc20 erc721 nft lp \
    reward staking native wrapped target base quote idempotency client_request clientrequest ownership csrf xsrf \
    authenticity antiforgery requestverification forgery form line text html xml json yaml template math custom \
    snapshot select query sort shard routing placement position watermark etag lock fencing undo repeat cart order \
    checkout basket review",
);

/// Words before `pass` that make it a run through something.
static OTHER_PASSES: Words = Words::new(
    "\
    first second third last next final single multi render shader filter optimization optimizer compiler codegen \
    llvm depth shadow bloom blur lighting scan low high band by over under boarding ski fastcgi uwsgi scgi grpc \
    memcached one two scale post pre",
);

/// Words before `key` that make it one of a map, a table, a keyboard or of the public.
static OTHER_KEYS: Words = Words::new(
    "\
    public pub publishable publish primary foreign unique composite partition sort hash range index map dict cache object \
    row column table field property attribute item entry node group lookup search route routing shift arrow hot \
    translation i18n message locale storage session_storage local_storage setting config preference option metric \
    registry context metadata label annotation tag header param parameter argument arg env variable \
    order cart checkout invoice transaction booking site website anon measurement sitekey captcha host known_hosts json yaml xml string enter escape delete up down left right \
    home end press short accelerator idempotency dedup record kafka_message bucket s3 file path dir react list state query \
    event websocket socket test_case natural surrogate candidate super alternate first second third fourth fifth last other another join parent child cluster bus topic sub",
);

/// Words before `key` that say what it opens, beside the neutral ones.
const OPENED: [&str; 14] = [
    "write",
    "license",
    "licence",
    "maps",
    "map",
    "subscription",
    "integration",
    "ingest",
    "instrumentation",
    "project",
    "product",
    "merchant",
    "partner",
    "storage",
];

/// The words of an identifier, in lower case, digits and marks left out.
pub(crate) fn words(name: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &byte) in name.iter().enumerate() {
        let next = name.get(at + 1).copied().unwrap_or(0);
        let last = if at == 0 { 0 } else { name[at - 1] };
        let is_break = byte.is_ascii_uppercase()
            && (last.is_ascii_lowercase()
                || last.is_ascii_digit()
                || last.is_ascii_uppercase() && next.is_ascii_lowercase());
        if (is_break || !byte.is_ascii_alphabetic()) && !word.is_empty() && byte < 0x80 {
            words.push(std::mem::take(&mut word));
        }
        if byte.is_ascii_alphabetic() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Words that are looked up often.
pub(super) struct Words {
    listed: &'static str,
    set: OnceLock<HashSet<&'static str, FixedState>>,
}

impl Words {
    pub(super) const fn new(listed: &'static str) -> Self {
        Words { listed, set: OnceLock::new() }
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.set.get_or_init(|| self.listed.split_ascii_whitespace().collect()).contains(word)
    }
}

/// What the identifier means that was read, for this class of credential.
pub(crate) fn meaning(text: &[u8], found: &Assigned, class: Credential) -> Meaning {
    let before = &text[found.name.start..found.word.start];
    let behind = &text[found.word.end..found.name.end.max(found.word.end)];
    let word = text[found.word.clone()].to_ascii_lowercase();
    let word = std::str::from_utf8(&word).unwrap_or_default();
    let Some(left) = words_before(before, text[found.word.start], word) else { return Meaning::Other };
    let Some(right) = words_behind(behind, text[found.word.end - 1], word) else { return Meaning::Other };
    // `clave_api` is the key of one. What a call takes or a command is sent has been read by its place.
    let is_about = |w: &String| ABOUT.contains(w) && !(w == "api" && matches!(word, "clave" | "chave" | "klucz"));
    if found.link == super::Link::Placed && found.name == found.word {
        return Meaning::Strong;
    }
    let is_of_two = class == Credential::Password && word == "credentials";
    if is_of_two || OF_PLACES.contains(word) {
        return Meaning::Other;
    }
    // `password_encryption` is a way; `en_PW` a language and a country.
    let is_way = class == Credential::Password && right.last().is_some_and(|last| last == "encryption");
    let is_country = text[found.word.clone()] == *b"PW"
        && left.len() == 1
        && matches!(before, [language @ .., b'_' | b'-'] if language.iter().all(u8::is_ascii_lowercase)
            && matches!(language.len(), 2 | 3));
    // The digest of a key opens nothing.
    let is_digest = matches!(class, Credential::Key | Credential::Token | Credential::Secret)
        && right.last().is_some_and(|last| matches!(last.as_str(), "hash" | "hashed" | "digest"));
    // The field by which forms of Laravel and Symfony are told from others' forms.
    let is_of_form = class == Credential::Token && text[found.name.clone()] == *b"_token";
    if is_way || is_digest || is_country || is_of_form || right.iter().any(is_about) {
        return Meaning::Other;
    }
    if is_part_of_other(text, found) || word == "identified by" && is_in_sentence(text, found.name.start) {
        return Meaning::Other;
    }
    let nearest = left.last().map(String::as_str).unwrap_or_default();
    let is_other = match class {
        Credential::Token => left.iter().rev().take(2).any(|w| OTHER_TOKENS.contains(w)),
        // `translation_key`; a `translation_api_key` is one.
        // Active Record's `encryption.primary_key` enciphers what a table holds.
        Credential::Key if word == "key" && left.ends_with(&["encryption".to_owned(), "primary".to_owned()]) => false,
        Credential::Key if word == "key" => left.iter().rev().take(2).any(|w| OTHER_KEYS.contains(w)),
        // `first_pass`, `shadowPass`: a step.
        Credential::Password if word == "pass" => OTHER_PASSES.contains(nearest),
        _ => false,
    };
    if is_other || VERBS.contains(nearest) || left.first().is_some_and(|w| VERBS.contains(w)) {
        return Meaning::Other;
    }
    // `server_key_pub` too.
    if left.iter().any(|w| w == "public" || w == "publishable") || right.iter().any(|w| w == "pub" || w == "public") {
        return Meaning::Other;
    }
    if left.iter().any(|w| matches!(w.as_str(), "hashed" | "encrypted" | "crypted" | "enc" | "sealed" | "masked")) {
        return if class == Credential::Password { Meaning::Weak } else { Meaning::Other };
    }
    let is_known = right.iter().all(|w| NEUTRAL.contains(w));
    // `zone_key` may be a key of anything; a constant or a variable of the environment is rarely one of a map.
    let is_any_key = class == Credential::Key
        && matches!(word, "key" | "-key")
        && !left.iter().any(|w| NEUTRAL.contains(w) || OPENED.contains(&&w[..]))
        && before.iter().any(u8::is_ascii_lowercase);
    if is_known && !is_any_key { Meaning::Strong } else { Meaning::Weak }
}

/// Words of calls and blocks that say where a credential stands, and name none themselves.
static OF_PLACES: Words = Words::new(
    "\
    login encryption encrypt jwt authenticate setauth ldap_bind plainauth cookiestore fernet signwith jwt.sign jwt.verify \
    jwt.encode jwt.decode wifi.begin x509certificate2 usermanager.createasync",
);

/// How far before a name what it is a part of is looked for: within every rule's reach, however long the name.
const QUALIFIER: usize = 24;

/// `checksum/secret`, `Secret.php`: the digest of something, or a file.
fn is_part_of_other(text: &[u8], found: &Assigned) -> bool {
    let name = &text[found.name.start..found.name.end.max(found.word.end)];
    let ending = name.iter().rposition(|b| *b == b'.').map_or(&[][..], |dot| &name[dot + 1..]);
    let is_file =
        !ending.is_empty() && FILES.split_ascii_whitespace().any(|file| ending.eq_ignore_ascii_case(file.as_bytes()));
    let before = &text[found.name.start.saturating_sub(QUALIFIER)..found.name.start];
    let Some(before) = before.strip_suffix(b"/") else { return is_file };
    let from = before.iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let is_digest =
        [&b"checksum"[..], b"hash", b"digest", b"sha256"].iter().any(|d| before[from..].eq_ignore_ascii_case(d));
    is_file || is_digest
}

/// Endings of files that settings are not named after.
const FILES: &str =
    "php py rb js ts jsx tsx mjs cjs vue go rs java kt cs cpp hpp md rst txt html htm css scss json yml yaml toml";

/// `which is identified by`
fn is_in_sentence(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(QUALIFIER)..at];
    [" is ", " are ", " be ", " was ", " were "].iter().any(|verb| before.ends_with(verb.as_bytes()))
}

/// Pieces that are run together with a credential's word in lower case.
static RUN_TOGETHER: Words = Words::new(
    "\
    db database user usr my root admin adm smtp mail email ftp sftp ssh mysql sql pg psql postgres redis mongo auth \
    access api app client login key keystore truststore store vpn wifi proxy ldap jwt session web site server \
    rpc bot http https imap pop ora oracle sa test dev prod stage new old conf cfg cert private secret shared oauth \
    bearer refresh github gitlab git slack aws consumer service account sys system svn net host remote join send sendgrid enable guest \
    cdo sasl wpa priv crypt cookie hash x n m s p sz str lpsz psz c",
);

/// The words before the credential's own, unless that is the tail of another word.
fn words_before(before: &[u8], first: u8, word: &str) -> Option<Vec<String>> {
    let joined = match before.last() {
        None => false,
        Some(last) if !last.is_ascii_alphabetic() => false,
        Some(last) => last.is_ascii_lowercase() != first.is_ascii_uppercase() && last.is_ascii_alphabetic(),
    };
    let words = words(before);
    if joined {
        let last = words.last().map(String::as_str).unwrap_or_default();
        let is_plain = matches!(word, "password" | "passwd" | "passphrase" | "apikey" | "passwort" | "kennwort");
        if !RUN_TOGETHER.contains(last) && !is_plain {
            return None;
        }
    }
    Some(words)
}

/// The words behind the credential's own, unless it is the head of another word.
fn words_behind(behind: &[u8], last: u8, word: &str) -> Option<Vec<String>> {
    let mut found = words(behind);
    let joins = behind.first().is_some_and(|first| {
        first.is_ascii_lowercase() && last.is_ascii_alphabetic()
            || first.is_ascii_uppercase() && last.is_ascii_uppercase()
    });
    if !joins {
        return Some(found);
    }
    match found.first().map(String::as_str).unwrap_or_default() {
        "s" if word != "token" => {
            found.remove(0);
        }
        tail if ABOUT.contains(tail) || NEUTRAL.contains(tail) => {}
        _ => return None,
    }
    Some(found)
}
