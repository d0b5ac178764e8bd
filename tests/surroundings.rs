//! A SendGrid key is found, at the right bytes, whatever it stands in and however it is written.

mod support;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use std::ops::Range;
use support::samples::Random;
use support::{report, scan, told};
use unleak::document::{Changed, Lines};

/// So many keys go through each surrounding: every second with the structure of real ones, the others with
/// their shape alone.
const KEYS: u64 = 500;

const RULE: &str = "sendgrid-api-key";

fn keys(name: &str) -> impl Iterator<Item = String> {
    (0..KEYS).map(move |number| {
        let mut random = Random::new(name, number);
        if number % 2 == 0 { random.sendgrid_key() } else { random.sendgrid_shape() }
    })
}

/// A text, the fewest bytes that have to be named as the place of the key, and the most that may be.
struct Case {
    text: Vec<u8>,
    least: Range<usize>,
    most: Range<usize>,
}

impl Case {
    /// The key's own spelling stands between two other texts, and exactly there it has to be found.
    fn exact(before: impl AsRef<[u8]>, written: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Case {
        let (before, written) = (before.as_ref(), written.as_ref());
        let span = before.len()..before.len() + written.len();
        Case { text: [before, written, after.as_ref()].concat(), least: span.clone(), most: span }
    }

    /// The key is somewhere in an encoded stretch between two other texts.
    fn within(before: impl AsRef<[u8]>, encoded: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Case {
        let exact = Case::exact(before, encoded, after);
        let middle = exact.most.start.midpoint(exact.most.end);
        Case { least: middle..middle + 1, ..exact }
    }
}

fn all_are_found(name: &str, case: impl Fn(&str, &mut Random) -> Case) {
    let mut missed = Vec::new();
    for (number, key) in keys(name).enumerate() {
        let case = case(&key, &mut Random::new("surroundings", number as u64));
        let report = report("", &case.text, Changed::Whole);
        let lines = Lines::new(&case.text);
        // The place of a finding is in lines and columns; the candidate behind it knows the bytes.
        let candidates = scan().engine.candidates(b"", &case.text, &Changed::Whole);
        let is_found = report.findings.iter().filter(|f| f.rule.id() == RULE).any(|finding| {
            finding.secret.expose() == key.as_bytes()
                && finding.key_id.as_deref() == Some(&key[3..25])
                && candidates.iter().filter(|c| lines.location(&c.span) == finding.location).any(|c| {
                    let (least, most) = (&case.least, &case.most);
                    most.start <= c.span.start
                        && c.span.start <= least.start
                        && least.end <= c.span.end
                        && c.span.end <= most.end
                })
        });
        let secrets = report.findings.iter().filter(|f| f.holds_secret()).count();
        if !is_found || secrets != 1 {
            missed.push(format!("{}\n{}", String::from_utf8_lossy(&case.text), told(&report)));
        }
    }
    assert!(missed.is_empty(), "{name}: {} of {KEYS} wrong, the first in:\n{}", missed.len(), missed[0]);
}

/// What stands before and after a key that is written plainly.
const PLAIN: &[(&str, &str, &str)] = &[
    ("alone", "", ""),
    ("one line", "", "\n"),
    ("a line with CR LF", "key\r\n", "\r\n"),
    ("double quotes", "key = \"", "\""),
    ("single quotes", "key = '", "';"),
    ("backticks", "key = `", "`"),
    ("a dotenv line", "SENDGRID_API_KEY=", "\nNEXT=1\n"),
    ("a shell default", "${SENDGRID_API_KEY:-", "}"),
    ("a serverless default", "${env:SENDGRID_API_KEY, '", "'}"),
    ("a property", "spring.sendgrid.api-key=", "\n"),
    ("URL user information", "smtps://apikey:", "@smtp.sendgrid.net:465"),
    ("a DSN", "MAILER_DSN=sendgrid://", "@default"),
    ("a query", "https://relay.invalid/set?token=", "&list=31"),
    ("the end of a query", "https://relay.invalid/set?token=", "#top"),
    ("a path", "https://relay.invalid/", "/set"),
    ("JSON", "{\"sendgridKey\":\"", "\",\"port\":587}"),
    ("JSON in JSON", "{\"body\":\"{\\\"apiKey\\\": \\\"", "\\\"}\"}"),
    ("XML text", "<string name=\"key\">", "</string>"),
    ("an XML attribute", "<add key=\"SendGridApiKey\" value=\"", "\" />"),
    ("a YAML block", "sendgrid_api_key: ", "\nother: 1\n"),
    ("a YAML flow", "{key: ", ", port: 587}"),
    ("a YAML list", "  - SENDGRID_API_KEY=", "\n"),
    ("CSV", "1,sendgrid,", ",active\n"),
    ("CSV with semicolons", "1;sendgrid;", ";active\n"),
    ("a tab-separated table", "sendgrid\t", "\tactive\n"),
    ("Markdown code", "| SendGrid | `", "` |"),
    ("a Markdown table", "|", "|\n"),
    ("Markdown emphasis", "the key is **", "**"),
    ("Markdown emphasis with underscores", "the key is _", " and so on_"),
    ("a call without quotes", "setKey(", ")"),
    ("brackets", "[", "]"),
    ("angle brackets", "<", ">"),
    ("a sentence", "The key is ", "."),
    ("a sentence that goes on", "The key is ", ". Rotate it."),
    ("a sentence with a colon", "mine is:", ", yours not"),
    ("after an escaped line end", "printf 'apikey\\n", "\\n'"),
    ("after an escaped tab", "\"key\\t", "\""),
    ("after an escaped byte", "\"key\\x3d", "\""),
    ("after a percent escape", "token%3D", "%26list%3D31"),
    ("after an escaped character", "\"token\\u003d", "\\u0026list\""),
    ("after an underscore", "prod_", "\nstage_none\n"),
    ("after a hyphen", "prod-", "\n"),
    ("after a dash of options", "--api-key=", " --verbose"),
    ("after a mail's equals sign", "key=3D", "\r\n"),
    ("after a terminal colour", "\u{1b}[32m", "\u{1b}[0m"),
    ("a serialized PHP string", "s:69:\"", "\";s:6:\"domain\""),
    ("a diff", "-sg = SendGridAPIClient(\"", "\")\n"),
    ("a bearer header", "Authorization: Bearer ", "\r\nHost: api.sendgrid.com\r\n"),
    ("a curl command", "curl -u apikey:", " https://api.sendgrid.com/v3/scopes"),
    ("a connection string", "Host=smtp.sendgrid.net;Username=apikey;Password=", ";Port=587"),
    ("exim", "*.sendgrid.net:apikey:", "\n"),
    ("a block comment", "/* old: ", "*/"),
    ("an Erlang binary", "<<\"", "\">>"),
    ("a netrc line", "machine api.sendgrid.com login apikey password ", "\n"),
    ("between characters of other scripts", "ключ：", "。"),
    ("bytes that are not UTF-8", "cl\u{e9}: ", "\u{80}"),
    ("before a backslash", "C:\\keys\\", "\\x"),
    ("before a question mark", "what is ", "?"),
    ("before an exclamation mark", "it is ", "!"),
    ("before a tilde", "", "~"),
    ("before a plus", "", "+"),
    ("before a caret", "", "^"),
    ("before an equals sign", "", "=1"),
    ("before a dollar sign", "'", "$"),
];

#[test]
fn plain_keys_are_found_in_every_surrounding() {
    for (name, before, after) in PLAIN {
        all_are_found(name, |key, _| Case::exact(before, key, after));
    }
}

#[test]
fn plain_keys_are_found_before_each_mark() {
    for mark in [
        ",", ")", "]", "}", "<", ">", "&", ":", "@", "#", "|", "*", ".", "%", ";", "\"", "'", "`", "\\", "/", "\n",
        "\r\n", "\0",
    ] {
        all_are_found(&format!("before {mark:?}"), |key, _| Case::exact("k ", key, [mark, "tail"].concat()));
    }
}

#[test]
fn keys_are_found_in_the_middle_of_one_long_line() {
    let filler = "var a0=796118;".repeat(2000);
    all_are_found("a long line", |key, random| {
        let cut = random.below(filler.len() / 14) * 14;
        Case::exact(format!("{}var k=\"", &filler[..cut]), key, format!("\";{}", &filler[cut..]))
    });
}

/// Ways to write a key into a text with an escape in it.
type Spell = fn(&str) -> String;
const SPELLED: &[(&str, Spell)] = &[
    ("percent dots", |key| key.replace('.', "%2E")),
    ("percent dots in lower case", |key| key.replace('.', "%2e")),
    ("percent dots and hyphens", |key| key.replace('.', "%2E").replace('-', "%2D").replace('_', "%5F")),
    ("unicode dots", |key| key.replace('.', "\\u002e")),
    ("unicode dots in upper case", |key| key.replace('.', "\\u002E")),
    ("hexadecimal dots", |key| key.replace('.', "\\x2e")),
    ("references for dots", |key| key.replace('.', "&#46;")),
    ("hexadecimal references for dots", |key| key.replace('.', "&#x2e;")),
    ("unicode escapes throughout", |key| key.bytes().map(|b| format!("\\u{b:04x}")).collect()),
    ("hexadecimal escapes throughout", |key| key.bytes().map(|b| format!("\\x{b:02x}")).collect()),
    ("percent escapes throughout", |key| key.bytes().map(|b| format!("%{b:02X}")).collect()),
    ("hexadecimal digits", |key| HEXLOWER.encode(key.as_bytes())),
    ("hexadecimal digits in upper case", |key| HEXUPPER.encode(key.as_bytes())),
];

#[test]
fn escaped_keys_are_found() {
    for (name, spell) in SPELLED {
        all_are_found(name, |key, _| Case::exact("{ \"sendgridKey\": \"", spell(key), "\" }\n"));
    }
}

#[test]
fn keys_in_base64_are_found() {
    let plain: &[(&str, Spell)] = &[
        ("base64", |key| BASE64.encode(key.as_bytes())),
        ("base64 in the URL alphabet", |key| BASE64URL.encode(key.as_bytes())),
        ("base64 with a line end inside", |key| BASE64.encode(format!("{key}\n").as_bytes())),
        ("base64 with CR LF inside", |key| BASE64.encode(format!("{key}\r\n").as_bytes())),
        ("base64 of apikey:KEY", |key| BASE64.encode(format!("apikey:{key}").as_bytes())),
        ("base64 of apikey:KEY, unpadded", |key| BASE64_NOPAD.encode(format!("apikey:{key}").as_bytes())),
        ("base64 of apikey:KEY, unpadded, in the URL alphabet", |key| {
            BASE64URL_NOPAD.encode(format!("apikey:{key}").as_bytes())
        }),
        ("base64 of KEY:", |key| BASE64.encode(format!("{key}:").as_bytes())),
        ("SASL PLAIN", |key| BASE64.encode(format!("\0apikey\0{key}").as_bytes())),
        ("SASL PLAIN with an authorization identity", |key| BASE64.encode(format!("apikey\0apikey\0{key}").as_bytes())),
        ("base64 of a file", |key| {
            BASE64.encode(format!("PORT=8080\nSENDGRID_API_KEY={key}\nJWT_TTL=3600\n").as_bytes())
        }),
        ("base64 of a file, one byte on", |key| {
            BASE64.encode(format!("PORT=80800\nSENDGRID_API_KEY={key}\nA=1").as_bytes())
        }),
        ("base64 of a file, two bytes on", |key| {
            BASE64.encode(format!("PORT=80\nSENDGRID_API_KEY={key}\n").as_bytes())
        }),
        ("base64 of UTF-16", |key| {
            BASE64.encode(&format!("$k='{key}'").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
        }),
    ];
    for (name, encode) in plain {
        all_are_found(name, |key, _| Case::within("  value: ", encode(key), "\n"));
        all_are_found(&format!("{name}, quoted"), |key, _| Case::within("Basic \"", encode(key), "\", next"));
    }
}

#[test]
fn wrapped_base64_is_found() {
    for (width, end, indent) in
        [(64, "\n", ""), (76, "\n", ""), (76, "\r\n", ""), (64, "\n", "    "), (60, "\\n", ""), (64, "\" \\\n  \"", "")]
    {
        for (what, before) in [
            ("alone", ""),
            ("in a file", "Hello,\nour new SendGrid key: "),
            ("in a longer file", "MAIL_HOST=smtp.invalid\nMAIL_USER=apikey\nMAIL_PORT=587\nMAIL_PASS="),
        ] {
            let name = format!("base64 wrapped at {width} with {end:?} and {indent:?}, {what}");
            all_are_found(&name, |key, _| {
                let after = if before.is_empty() { "" } else { "\nregards\n" };
                let encoded = BASE64.encode(format!("{before}{key}{after}").as_bytes());
                let lines: Vec<&str> =
                    (0..encoded.len()).step_by(width).map(|at| &encoded[at..encoded.len().min(at + width)]).collect();
                let quote = if end.contains('"') { "\"" } else { "" };
                Case::within(
                    format!("token:\n{indent}{quote}"),
                    lines.join(&format!("{end}{indent}")),
                    format!("{quote}\n"),
                )
            });
        }
    }
}

#[test]
fn a_line_end_encoded_with_the_key_is_noted() {
    let said = |text: &str| {
        let report = report("", text.as_bytes(), Changed::Whole);
        let finding = report.findings.iter().find(|f| f.rule.id() == RULE);
        finding.expect("the key in base64 is found").encoded_newline
    };
    for key in keys("a line end") {
        let with = BASE64.encode(format!("{key}\n").as_bytes());
        let without = BASE64.encode(key.as_bytes());
        assert!(said(&format!("data:\n  key: {with}\n")), "{with}");
        assert!(!said(&format!("data:\n  key: {without}\n")), "{without}");
        assert!(said(&format!("data:\n  key: |\n    {}\n    {}\n", &without[..64], &without[64..])), "{without}");
    }
}

#[test]
fn keys_in_utf16_are_found() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let wide_big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let narrow = |case: Case| Case { least: case.most.start + 1..case.most.end - 1, ..case };
    all_are_found("UTF-16, little end first", |key, _| narrow(Case::exact(wide("KEY="), wide(key), wide("\r\n"))));
    all_are_found("UTF-16, big end first", |key, _| {
        narrow(Case::exact(wide_big("KEY="), wide_big(key), wide_big("\r\n")))
    });
    all_are_found("UTF-16 inside a binary file", |key, _| {
        narrow(Case::exact([b"MZ\x90\0\x03\0\xff\xfe".as_slice(), &wide("KEY=")].concat(), wide(key), [0, 0, 1]))
    });
}

/// How literals are joined: what opens the first, stands between two, and closes the last.
const JOINED: &[(&str, &str, &str, &str)] = &[
    ("JavaScript", "const k = \"", "\" + \"", "\";"),
    ("JavaScript over lines", "const k = '", "' +\n  '", "';"),
    ("JavaScript with templates", "const k = `", "` + `", "`;"),
    ("Python, side by side", "K = \"", "\" \"", "\""),
    ("Python in parentheses", "K = (\n    \"", "\"\n    \"", "\"\n)\n"),
    ("Python with a backslash", "K = \"", "\" \\\n    \"", "\"\n"),
    ("Python with plus", "K = '", "' + \\\n    '", "'\n"),
    ("Java", "static final String K = \"", "\" +\n      \"", "\";"),
    ("C#", "const string K = \"", "\"\r\n    + \"", "\";\r\n"),
    ("Visual Basic", "Const K = \"", "\" & _\n  \"", "\"\n"),
    ("Go", "const k = \"", "\" +\n\t\"", "\"\n"),
    ("Ruby", "KEY = \"", "\" \\\n  \"", "\"\n"),
    ("Ruby, appended", "KEY = '", "' << '", "'\n"),
    ("PHP", "$k = '", "' . '", "';"),
    ("Perl over lines", "my $k = \"", "\"\n  . \"", "\";"),
    ("Lua", "local k = \"", "\" .. \"", "\"\n"),
    ("C", "#define K \"", "\" \"", "\"\n"),
    ("C over lines", "const char *k =\n  \"", "\"\n  \"", "\";\n"),
    ("SQL", "select '", "' || '", "';"),
    ("Elixir", "k = \"", "\" <> \"", "\"\n"),
    ("a list that is joined", "const k = [\"", "\", \"", "\"].join('');"),
    ("a list that is concatenated", "const K: &str = concat!(\"", "\",\n    \"", "\");"),
    ("a mail in quoted-printable", "the key is ", "=\r\n", " as agreed\r\n"),
    ("Haskell", "k = \"", "\" ++ \"", "\"\n"),
    ("YAML", "key: \"", "\\\n  ", "\"\n"),
    ("shell, side by side", "K='", "'\"", "\"\n"),
    ("shell, continued", "curl -H Bearer\\ ", "\\\n", " https://api.sendgrid.com/v3/scopes\n"),
];

/// The key cut in two to four pieces, none of which is empty.
fn cut<'k>(key: &'k str, random: &mut Random) -> Vec<&'k str> {
    let mut places: Vec<usize> = (0..1 + random.below(3)).map(|_| 4 + random.below(key.len() - 5)).collect();
    places.sort_unstable();
    places.dedup();
    let mut pieces = Vec::new();
    let mut from = 0;
    for place in places {
        pieces.push(&key[from..place]);
        from = place;
    }
    pieces.push(&key[from..]);
    pieces
}

#[test]
fn keys_split_over_literals_are_found() {
    for (name, open, between, close) in JOINED {
        all_are_found(&format!("split, {name}"), |key, random| {
            let pieces = cut(key, random);
            // The second quote of a mixed pair closes what it opens only once.
            let pieces = if *between == "'\"" { vec![pieces[0], &key[pieces[0].len()..]] } else { pieces };
            Case::exact(open, pieces.join(between), close)
        });
    }
    all_are_found("split behind the prefix", |key, _| {
        let open = "const part = \"";
        let text = format!("{}\";\nconst key = part + \"{}.\" + \"{}", &key[..3], &key[3..25], &key[26..]);
        Case::exact(open, text, "\";\n")
    });
}
