//! A secret in pieces: joined by every operator, call and line end that programs and settings have.

mod support;

use support::samples::{Random, fill};
use unleak::document::Changed;

/// How a secret is written in two or three pieces: `1`, `2`, `3` stand for them between `«` and `»`.
const WAYS: &[(&str, &str)] = &[
    ("plus.py", "key = \"«1»\" + \"«2»\"\n"),
    ("grown.py", "key = \"«1»\"\nkey += \"«2»\"\n"),
    ("grown.js", "let key = '«1»';\nkey += '«2»';\nkey += '«3»';\nsend(key);\n"),
    ("grown.php", "$key = '«1»';\n$key .= '«2»';\n"),
    ("grown.java", "StringBuilder key = new StringBuilder();\nkey.append(\"«1»\");\nkey.append(\"«2»\");\n"),
    ("chained.java", "String key = new StringBuilder(\"«1»\").append(\"«2»\").append(\"«3»\").toString();\n"),
    ("concat.java", "String key = \"«1»\".concat(\"«2»\");\n"),
    ("concat.js", "const key = ''.concat('«1»', '«2»', '«3»');\n"),
    ("concat.sql", "SET @k = CONCAT('«1»', '«2»');\n"),
    ("sprintf.php", "$key = sprintf('%s%s', '«1»', '«2»');\n"),
    ("sprintf.go", "key := fmt.Sprintf(\"%s%s\", \"«1»\", \"«2»\")\n"),
    ("format.java", "String key = String.format(\"%s%s\", \"«1»\", \"«2»\");\n"),
    ("format.py", "key = \"{}{}\".format(\"«1»\", \"«2»\")\n"),
    ("percent.py", "key = '%s%s' % ('«1»', '«2»')\n"),
    ("paste.R", "key <- paste0(\"«1»\", \"«2»\")\n"),
    ("tilde.raku", "my $key = '«1»' ~ '«2»';\n"),
    ("tilde.twig", "{{ '«1»'~'«2»' }}\n"),
    ("dot.php", "$key = '«1»'.'«2»' . '«3»';\n"),
    ("dots.lua", "local key = '«1»' .. '«2»'\n"),
    ("amp.vb", "key = \"«1»\" & \"«2»\"\n"),
    ("amp2.vb", "key = \"«1»\" & _\n      \"«2»\"\n"),
    ("pipes.sql", "select '«1»' || '«2»';\n"),
    ("ml.ml", "let key = \"«1»\" ^ \"«2»\"\n"),
    ("arrow.hs", "key = \"«1»\" <> \"«2»\"\n"),
    ("plusplus.hs", "key = \"«1»\" ++ \"«2»\"\n"),
    ("lines.js", "const key = '«1»' + // first\n  // second half\n  '«2»';\n"),
    ("block.js", "const key = '«1»' /* joined */ + /* to */ '«2»';\n"),
    ("hash.py", "key = (\"«1»\"  # the id\n       # and the rest\n       \"«2»\")\n"),
    ("dashes.lua", "local key = '«1»' .. -- first\n  '«2»'\n"),
    ("macro.c", "#define A \"«1»\"\n#define B \"«2»\"\nconst char *key = A B;\n"),
    ("between.c", "const char *key = \"«1»\" EMPTY \"«2»\";\n"),
    ("adjacent.c", "const char *key = \"«1»\"\n                  \"«2»\";\n"),
    ("wide.c", "const wchar_t *key = L\"«1»\" L\"«2»\";\n"),
    ("join.js", "const key = ['«1»', '«2»', '«3»'].join('');\n"),
    ("join.py", "key = ''.join([\"«1»\", \"«2»\"])\n"),
    ("join.rb", "key = %w[«1» «2»].join\n"),
    ("join.rs", "let key = concat!(\"«1»\", \"«2»\");\n"),
    ("join.cs", "var key = string.Concat(\"«1»\", \"«2»\");\n"),
    ("implode.php", "$key = implode('', ['«1»', '«2»']);\n"),
    ("template.js", "const key = `«1»${''}«2»`;\n"),
    ("template2.js", "const key = `${'«1»'}${'«2»'}`;\n"),
    ("fstring.py", "key = f\"{'«1»'}{'«2»'}\"\n"),
    ("two.js", "const a = '«1»', b = '«2»';\nconst key = a + b;\n"),
    ("two.py", "A = '«1»'\nB = '«2»'\nkey = A + B\n"),
    ("two.go", "const (\n\ta = \"«1»\"\n\tb = \"«2»\"\n)\nvar key = a + b\n"),
    ("tick.ps1", "$key = \"«1»`\n«2»\"\n"),
    ("tick2.ps1", "$key = \"«1»\" + `\n  \"«2»\"\n"),
    ("cont.sh", "export KEY=«1»\\\n«2»\n"),
    ("cont2.sh", "KEY=\"«1»\"\\\n\"«2»\"\n"),
    ("adjacent.sh", "KEY=\"«1»\"'«2»'\n"),
    ("half.sh", "KEY=«1»\"«2»\"\n"),
    ("grown.sh", "KEY=«1»\nKEY+=«2»\n"),
    ("grown2.sh", "KEY=\"«1»\"\nKEY=\"${KEY}«2»\"\n"),
    ("folded.yml", "key: >-\n  «1»\n  «2»\nother: 1\n"),
    ("literal.yml", "key: |\n  «1»\n  «2»\nother: 1\n"),
    ("quoted.yml", "key: \"«1»\\\n  «2»\"\nother: 1\n"),
    ("bare.yml", "key: «1»\n  «2»\nother: 1\n"),
    ("a.properties", "mail.key=«1»\\\n    «2»\n"),
    ("Dockerfile", "ENV KEY=«1»\\\n«2»\n"),
    ("Dockerfile", "ENV KEY=\"«1»\\\n«2»\"\n"),
    ("makefile.mk", "KEY := «1»\nKEY := $(KEY)«2»\n"),
    ("set.bat", "set KEY=«1»\nset KEY=%KEY%«2»\n"),
    ("caret.bat", "set KEY=«1»^\n«2»\n"),
    ("list.json", "{\"key\": [\"«1»\", \"«2»\"]}\n"),
    ("join.tf", "key = join(\"\", [\"«1»\", \"«2»\"])\n"),
    ("fold.lisp", "(concatenate 'string \"«1»\" \"«2»\")\n"),
    ("str.clj", "(def key (str \"«1»\" \"«2»\"))\n"),
    ("bin.ex", "key = \"«1»\" <> \"«2»\"\n"),
    ("sub.html", "<p>«1»<wbr>«2»</p>\n"),
    ("span.html", "<b>«1»</b><i>«2»</i>\n"),
    ("soft.html", "<p>«1»&shy;«2»</p>\n"),
    ("zwsp.html", "<p>«1»&#8203;«2»</p>\n"),
    ("zwsp.md", "key «1»\u{200b}«2»\n"),
    ("zwj.md", "key «1»\u{200d}«2»\n"),
    ("shy.md", "key «1»\u{ad}«2»\n"),
    ("bom.md", "key «1»\u{feff}«2»\n"),
    ("bidi.md", "key «1»\u{202e}\u{202c}«2»\n"),
    ("comb.md", "key «1»\u{34f}«2»\n"),
    ("zwsp_esc.js", "key = '«1»\\u200b«2»'\n"),
];

/// Where a secret is cut.
fn pieces(secret: &str, cut: usize) -> [String; 3] {
    let middle = cut + (secret.len() - cut) / 2;
    [secret[..cut].to_owned(), secret[cut..middle].to_owned(), secret[middle..].to_owned()]
}

fn written(way: &str, secret: &str, cut: usize) -> String {
    let [first, second, third] = pieces(secret, cut);
    let rest = if way.contains("«3»") { second.clone() } else { format!("{second}{third}") };
    way.replace("«1»", &first).replace("«2»", &rest).replace("«3»", &third)
}

fn sample(template: &str, number: usize) -> String {
    String::from_utf8(fill("split", number, 0, template).text).expect("samples of tokens are ASCII")
}

/// The secrets that are told of a text, by the rules that are no notes.
fn told(path: &str, text: &str) -> Vec<String> {
    let report = support::report(path, text.as_bytes(), Changed::Whole);
    report.findings.iter().map(|f| String::from_utf8_lossy(f.secret.expose()).into_owned()).collect()
}

#[test]
fn a_key_that_proves_itself_is_told_once_however_it_is_put_together() {
    for number in 0..3 {
        let key = Random::new("split", number).sendgrid_key();
        let token = sample("ghp_%{crc32-base62:30}", number as usize);
        for (path, way) in WAYS {
            for (secret, cuts) in [(&key, &[3, 12, 25, 26, 40, 60][..]), (&token, &[6, 9, 20, 30][..])] {
                for &cut in cuts {
                    // Rare marks right behind the anchor itself hide it.
                    if cut == 3 && ["bidi.md", "comb.md"].contains(path) {
                        continue;
                    }
                    let text = written(way, secret, cut);
                    assert_eq!(told(path, &text), std::slice::from_ref(secret), "{path}, cut at {cut}: {text}");
                }
            }
        }
    }
}

/// Where nothing says that the pieces belong together.
const APART: [&str; 10] = [
    "macro.c",
    "join.rb",
    "two.js",
    "two.py",
    "two.go",
    "folded.yml",
    "literal.yml",
    "bare.yml",
    "list.json",
    "span.html",
];

#[test]
fn a_token_that_proves_nothing_is_told_where_something_joins_its_pieces() {
    for number in 0..3 {
        let token = sample("glpat-%{alnum:20}", number);
        for (path, way) in WAYS {
            for cut in [6, 12, 20] {
                let text = written(way, &token, cut);
                let is_told = told(path, &text) == [token.clone()];
                assert_eq!(is_told, !APART.contains(path), "{path}, cut at {cut}: {text}");
            }
        }
    }
}

#[test]
fn a_key_with_a_mark_that_nobody_sees_behind_each_character_is_told() {
    let key = Random::new("split", 9).sendgrid_key();
    for mark in ['\u{200b}', '\u{200d}', '\u{feff}', '\u{ad}', '\u{2060}'] {
        let text: String = key.chars().flat_map(|c| [c, mark]).collect();
        assert_eq!(told("a.md", &format!("the key: {text} \n")), std::slice::from_ref(&key), "{mark:?}");
    }
}

#[test]
fn a_key_that_is_cut_in_its_beginning_is_told() {
    let key = Random::new("split", 10).sendgrid_key();
    for (path, joint) in [
        ("a.py", "\" + \""),
        ("a.js", "'+'"),
        ("a.php", "' . '"),
        ("b.php", "\".\""),
        ("a.lua", "\" .. \""),
        ("a.vb", "\" & \""),
        ("a.sql", "' || '"),
        ("a.ex", "\" <> \""),
    ] {
        let quote = &joint[..1];
        for cut in [1, 2] {
            let text = format!("key = {quote}{}{joint}{}{quote}\n", &key[..cut], &key[cut..]);
            assert_eq!(told(path, &text), std::slice::from_ref(&key), "{text}");
            let text = format!("key = {quote}{}{joint}{}{joint}{}{quote}\n", &key[..cut], &key[cut..30], &key[30..]);
            assert_eq!(told(path, &text), std::slice::from_ref(&key), "{text}");
        }
    }
}

#[test]
fn a_mark_right_behind_the_beginning_of_a_key_hides_nothing() {
    let key = Random::new("split", 11).sendgrid_key();
    for mark in ['\u{200b}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{61c}', '\u{301}', '\u{34f}'] {
        let text = format!("the key: {}{mark}{}\n", &key[..3], &key[3..]);
        assert_eq!(told("a.md", &text), std::slice::from_ref(&key), "{mark:?}");
    }
}

#[test]
fn pieces_that_make_nothing_of_the_shape_are_left_alone() {
    let (id, secret) = ("%{sendgrid-id}", "%{sendgrid-secret}");
    for template in [
        "if key.startswith(\"SG.\"):\n    log(\"%{alnum:30}\", \"%{alnum:36}\")\n".to_owned(),
        "a = \"SG.%{alnum:12}\"\nb = \"%{alnum:43}\"\n".to_owned(),
        format!("a = \"SG.{id}\"\nb = \"%{{alnum:20}}\"\n"),
        format!("a = \"M‸SG.{id}\" + \".{secret}\"\n"),
        "tokens = [\"glpat-\", \"%{alnum:20}\"]\n".to_owned(),
        "prefix = \"glpat-\"; other = \"%{alnum:20}\"\n".to_owned(),
        "a = \"ghp_\"\nb = \"%{alnum:36}\"\n".to_owned(),
    ] {
        let text = sample(&template, 1);
        let report = support::report("a.py", text.as_bytes(), Changed::Whole);
        let found = report.findings.iter().filter(|f| f.forms == [unleak::rule::Form::Split]);
        assert_eq!(found.count(), 0, "{text}{}", support::told(&report));
    }
}

#[test]
fn what_is_in_pieces_is_shown_from_its_first_to_its_last_and_not_edited() {
    let key = Random::new("split", 11).sendgrid_key();
    let text = format!("key = \"{}\"\nkey += \"{}\"\n", &key[..30], &key[30..]);
    let report = support::report("a.py", text.as_bytes(), Changed::Whole);
    let place = report.findings[0].location;
    assert_eq!((place.start_line, place.start_column), (1, 8));
    assert_eq!((place.end_line, place.end_column), (2, 9 + 39));
    assert!(report.findings[0].remedy.edits.is_empty(), "two statements are not one expression");
    assert!(report.findings[0].remedy.expression.contains("SENDGRID_API_KEY"));
}
