//! What shows where a stretch stands that is written otherwise, whatever it holds.

use super::encoded::{base64, spelled};
use super::{Decode, GUARD_REACH, LONGEST, Spelling};
use crate::rule::Form;
use data_encoding::BASE64;

/// The rule of what is no rule's: where a stretch stands that is written otherwise, in which all rules look.
pub(crate) const OPENED: usize = u32::MAX as usize;

/// How much of such a stretch is read behind the literal that gives it away, and how much before it.
const LONGEST_OPENED: usize = 64 << 10;
const LONGEST_BEFORE: usize = 1 << 10;

/// What texts begin with in base64. Compressed: gzip without and with a name, zip, xz, bzip2, Zstandard, zlib with each
/// of its levels. Then JSON, XML, YAML, scripts, settings of cloud machines.
const BEGINNINGS: [&str; 45] = [
    "H4sIA",
    "H4sIC",
    "UEsDBBQ",
    "UEsDBAo",
    "/Td6WFoA",
    "_Td6WFoA",
    "QlpoOTFBWSZTW",
    "KLUv/",
    "KLUv_",
    "eJw",
    "eJx",
    "eJy",
    "eJz",
    "eNo",
    "eNp",
    "eNq",
    "eNr",
    "eAE",
    "eAF",
    "eAG",
    "eAH",
    "eF4",
    "eF5",
    "eF6",
    "eF7",
    "eyJ",
    "eyAi",
    "ewog",
    "ewoJ",
    "ewoi",
    "ew0K",
    "W3si",
    "Wwog",
    "PD94bWwg",
    "LS0tC",
    "LS0tLS1CRUdJTi",
    "YXBpVmVyc2lvbj",
    "IyEvYmlu",
    "IyEvdXNyL2Jpbi",
    "I2Nsb3VkLWNvbmZpZ",
    "Q29udGVudC1UeXBlOi",
    "dmVyc2lvbjog",
    "W2RlZmF1bHRd",
    "W2NsaWVudF",
    "U0cu",
];

/// What tokens begin with that providers hand out. Alone in base64 their rules find them; in base64 of base64 these do.
const TOKENS: [&str; 18] = [
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "npm_",
    "pypi-",
    "sk_live_",
    "rk_live_",
    "sk-ant-",
    "sk-proj-",
    "xoxb-",
    "xoxp-",
    "AIzaSy",
    "hvs.",
    "dop_v1_",
    "dckr_pat_",
    "postgres",
];

/// Words that stand in a text with a credential in it, whatever sort it is. They are looked for in base64, in base64 of
/// base64 or of UTF-16, in hexadecimal digits and in UTF-16.
const WORDS: [&str; 17] = [
    "password",
    "Password",
    "PASSWORD",
    "passwd",
    "PASSWD",
    "secret",
    "Secret",
    "SECRET",
    "TOKEN",
    "Token",
    "token",
    "api_key",
    "apiKey",
    "API_KEY",
    "APIKEY",
    "PRIVATE KEY",
    "AccountKey=",
];

/// Escapes that stand in a text all of whose characters are escaped and that holds a name with a value: of marks, and of
/// small letters where that is long enough. They are looked for in base64.
const ESCAPED_MARKS: [&str; 14] = [
    "\\u006", "\\u007", "\\x5f", "\\x3d", "\\x22", "\\x2d", "\\137", "\\075", "\\042", "\\055", "&#95;", "&#61;",
    "&#34;", "&#45;",
];

/// What stands in percent-encoded text alone: marks of JSON, a key's armour, percent signs that are encoded themselves.
const PERCENT: [&str; 27] = [
    "%7B%22",
    "%7b%22",
    "%22%3A",
    "%22%3a",
    "PRIVATE%20KEY",
    "PRIVATE+KEY-",
    "%2522",
    "%253D",
    "%253d",
    "%253A",
    "%253a",
    "%2526",
    "%252F",
    "%252f",
    "%5Cu00",
    "%5Cx6",
    "%5Cx7",
    "%5C14",
    "%5C15",
    "%5C16",
    "%26%23",
    "S%00G%00.",
    "a%00s%00s%00w",
    "e%00c%00r%00e",
    "E%00C%00R%00E",
    "A%00S%00S%00W",
    "P%00R%00I%00V",
];

/// How escapes of character references begin, which hold no letter.
const ESCAPED_REFERENCES: [&str; 5] = ["\\x26\\x23", "\\u0026\\u0023", "\\046\\043", "&#38;&#35;", "&#x26;&#x23;"];

/// How the escapes of letters begin in strings and in HTML.
const ESCAPES: [&str; 34] = [
    "\\u{4", "\\u{5", "\\u{6", "\\u{7", "\\u004", "\\u005", "\\u006", "\\u007", "\\x4", "\\x5", "\\x6", "\\x7", "\\10",
    "\\11", "\\12", "\\13", "\\14", "\\15", "\\16", "\\17", "&#6", "&#7", "&#8", "&#9", "&#10", "&#11", "&#12", "&#x4",
    "&#x5", "&#x6", "&#x7", "&#X4", "&#X5", "&#X6",
];

/// Behind which a list of bytes stands, a number each.
const LISTS: [&str; 12] = [
    "[] = {",
    "[]={",
    "byte[] {",
    "byte[]{",
    "[]byte{",
    "bytes([",
    "bytearray([",
    "Array([",
    ".from([",
    "fromCharCode(",
    "\"data\":[",
    "\"data\": [",
];

/// What turns a text round that stands beside it.
const REVERSALS: [&str; 13] = [
    "[::-1]",
    "strrev(",
    "reverse(",
    "StrReverse(",
    "reversed(",
    ".reverse!",
    "Array.Reverse(",
    "REVERSE(",
    "\".reverse",
    "'.reverse",
    "reverse \"",
    "reverse '",
    "| rev",
];

/// How far from that the text is looked for.
const LONGEST_REVERSED: usize = 256;

/// Each literal that shows where a stretch stands that is written otherwise.
pub(crate) fn openings() -> Vec<(Vec<u8>, Spelling)> {
    let mut all: Vec<(Vec<u8>, Decode)> = Vec::new();
    for literal in BEGINNINGS {
        all.push((literal.into(), Decode::Begins));
        // The same in base64 of base64, as far as what follows does not change it.
        let twice = BASE64.encode(literal.as_bytes());
        all.push((twice.as_bytes()[..literal.len() * 8 / 6].to_vec(), Decode::Begins));
    }
    for token in TOKENS {
        let once = BASE64.encode(token.as_bytes());
        let once = &once[..token.len() * 8 / 6];
        let twice = BASE64.encode(once.as_bytes());
        all.push((twice.as_bytes()[..once.len() * 8 / 6].to_vec(), Decode::Begins));
    }
    for word in WORDS {
        all.extend([Form::Hex, Form::Utf16].into_iter().flat_map(|form| spelled(word.as_bytes(), form)));
        let wide = spelled(word.as_bytes(), Form::Utf16).into_iter().flat_map(|(wide, _)| base64(&wide));
        let once = base64(word.as_bytes());
        let twice: Vec<_> = once.iter().flat_map(|(literal, _)| base64(literal)).collect();
        all.extend(once.into_iter().chain(twice).chain(wide));
    }
    all.extend(ESCAPED_MARKS.iter().flat_map(|mark| base64(mark.as_bytes())));
    all.extend(PERCENT.iter().map(|literal| (literal.as_bytes().to_vec(), Decode::Percent)));
    all.extend(ESCAPES.iter().chain(&ESCAPED_REFERENCES).map(|literal| (literal.as_bytes().to_vec(), Decode::Escaped)));
    all.extend(LISTS.iter().map(|literal| (literal.as_bytes().to_vec(), Decode::Listed)));
    all.extend(REVERSALS.iter().map(|literal| (literal.as_bytes().to_vec(), Decode::Reversed)));
    all.push((b"1f8b08".to_vec(), Decode::Hex));
    all.push((b"1F8B08".to_vec(), Decode::Hex));
    all.iter_mut().for_each(|(literal, _)| literal.truncate(LONGEST));
    all.sort();
    all.dedup();
    all.into_iter()
        .map(|(literal, decode)| {
            let (before, after) = match decode {
                Decode::Begins => (GUARD_REACH, LONGEST_OPENED),
                Decode::Listed => (0, LONGEST_OPENED),
                Decode::Reversed => (LONGEST_REVERSED, LONGEST_REVERSED),
                _ => (LONGEST_BEFORE, LONGEST_OPENED),
            };
            let spelling = Spelling {
                rule: OPENED,
                len: literal.len(),
                ignore_case: false,
                decode: [Some(decode), None],
                anchor_len: literal.len(),
                before,
                after,
            };
            (literal, spelling)
        })
        .collect()
}

/// Whether a text that is written in base64 begins here with one of the literals.
pub(crate) fn begins(text: &[u8]) -> bool {
    BEGINNINGS.iter().any(|literal| text.starts_with(literal.as_bytes()))
}
