//! A rule as it is written in TOML: the shape of `rules/*.toml` and of `[[rule]]` in `unleak.toml`.
//!
//! This file knows no other module: `build.rs` reads it too, to pack the rules, so that a start of the program
//! parses no TOML for them. It unpacks a rule when it first needs it.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A text that is either compiled in or read from a user's file.
pub type Text = Cow<'static, str>;
/// A list of texts.
pub type Texts = Cow<'static, [Text]>;

/// One file of rules: a provider and its rules.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The provider's name as it calls itself, "Twilio SendGrid".
    pub provider: String,
    /// Its rules, in the order they are listed.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleSpec>,
}

/// A rule as written. [`crate::ruleset`] validates it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSpec {
    /// `provider-thing`, never renamed.
    pub id: Text,
    /// What is found, as a noun: "SendGrid API key".
    pub title: Text,
    /// What it is and what a thief can do with it.
    pub description: Text,
    /// The security-severity number, above 0.0 to 10.0: over 9.0 critical, from 7.0 high, from 4.0 medium,
    /// from 1.0 low, below that a note.
    pub severity: f32,
    /// How sure a match is when no check raises or lowers it.
    #[serde(default)]
    pub confidence: Level,
    /// What sort of thing it finds.
    #[serde(default)]
    pub kind: Kind,
    /// Literals, one of which stands in every match. ASCII letters in them match as written unless
    /// `ignore_case` is set. Behind an anchor of three or four bytes ASCII or the text's end has to follow. A
    /// rule of kind `file` has none.
    #[serde(default)]
    pub anchors: Texts,
    /// Whether the anchors match in any ASCII case.
    #[serde(default)]
    pub ignore_case: bool,
    /// The regular expression; the capture `secret` is the secret, else the first whose name begins with
    /// `value`, else the whole match; the capture `id` or `user` is what it belongs to, and captures whose names
    /// begin with `also` are further secrets, each a finding of its own. It must contain the anchor.
    /// `(?-u)` is on: it works on bytes.
    /// `%{assigned:NAME}` stands for a value given to a name that ends with NAME, in any notation.
    #[serde(default)]
    pub pattern: Text,
    /// In place of a pattern: the rule finds literals given to a name that holds one of its anchors and means
    /// this, in whatever notation.
    #[serde(default)]
    pub assigned: Option<Credential>,
    /// How far a match, with all its parts, lies from the anchor.
    #[serde(default)]
    pub reach: Reach,
    /// How long the match is, where the pattern is but its beginning.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// Characters that may not adjoin the secret.
    #[serde(default)]
    pub guard: Guard,
    /// Further pieces that have to stand within reach: the other half of a pair.
    #[serde(default, rename = "part")]
    pub parts: Cow<'static, [Part]>,
    /// Spellings other than the plain one in which the anchor is looked for.
    #[serde(default)]
    pub forms: Cow<'static, [Form]>,
    /// Anchors that are looked for in base64 too, in this case alone: for rules whose anchors match in any case.
    #[serde(default)]
    pub encoded: Texts,
    /// What the judge looks at, in order.
    #[serde(default)]
    pub checks: Cow<'static, [Check]>,
    /// Globs on the path, `/`-separated, case-insensitive: where the rule applies, and behind a `!` where it does
    /// not all the same. Empty: everywhere.
    #[serde(default)]
    pub paths: Texts,
    /// A generic rule gives way to a specific one on the same bytes.
    #[serde(default)]
    pub generic: bool,
    /// How many leading bytes of the secret may be shown. They are no part of what is secret.
    #[serde(default)]
    pub show: u8,
    /// Lines in which the rule finds what stands between `«` and `»`; `‸` is stripped, and
    /// `%{base64url:22}` and the like are filled in by the test. A built-in rule has some.
    #[serde(default)]
    pub hits: Texts,
    /// Lines that look like it and in which it finds nothing. Same markers. A built-in rule has some.
    #[serde(default)]
    pub misses: Texts,
    /// The environment variable that should hold it.
    #[serde(default)]
    pub variable: Text,
    /// What to do about a finding. A built-in rule says.
    #[serde(default)]
    pub remedy: Remedy,
    /// Pages that say so: the provider's own first.
    #[serde(default)]
    pub references: Texts,
    /// Run over whole texts instead of round anchors: for rules that other scanners' users wrote.
    #[serde(default)]
    pub whole: Option<Whole>,
}

/// What tells how long a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The length in the head of a DER sequence, whose parts have to fill it. The whole of it is the secret.
    Der,
}

/// What a rule says that has no anchors and is run over whole texts. Its pattern is in Unicode mode and without
/// `(?m)`: `^` and `$` are the text's beginning and end.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// Literals in any ASCII case, one of which stands anywhere in the text. Empty: those that the pattern itself
    /// needs count or, if it needs none, every text is searched.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// A regular expression on the path. Without a pattern, a path that matches is itself the finding.
    #[serde(default)]
    pub path: Option<String>,
    /// Which capture is the secret; else the first that is not empty, else the match.
    #[serde(default)]
    pub group: Option<usize>,
    /// Rules that have to find something near each match.
    #[serde(default)]
    pub required: Vec<Required>,
    /// Whether it finds only for others that require it.
    #[serde(default)]
    pub helper: bool,
    /// Words that readers sort findings by.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A rule that has to find something in the same text.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// Its id.
    pub rule: String,
    /// At most so many lines away, from first line to first line.
    #[serde(default)]
    pub within_lines: Option<u32>,
    /// At most so many columns away, from first column to first column.
    #[serde(default)]
    pub within_columns: Option<u32>,
}

/// What sort of thing a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A credential.
    #[default]
    Secret,
    /// A habit that leads to leaks; no secret in it.
    Hygiene,
    /// A file that should not be there, by its path alone.
    File,
}

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// A password, which people make up.
    Password,
    /// A key that a service gave out.
    Key,
    /// A token that a service gave out.
    Token,
    /// A secret: made up or given out.
    Secret,
}

/// High, medium, low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// More likely wrong than right.
    Low,
    /// Right three times in four.
    #[default]
    Medium,
    /// Right nineteen times in twenty.
    High,
}

/// Bytes before the anchor's start and after its end within which everything the rule looks at lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// Bytes before the anchor's first byte.
    #[serde(default)]
    pub before: u32,
    /// Bytes after the anchor's last byte.
    #[serde(default)]
    pub after: u32,
}

/// Which characters may not stand right before and right after the secret. On the left an escape that ends
/// there (`\n`, `%3D`, `\u003d`) does not count as a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// Anything may.
    #[default]
    None,
    /// No letter or digit on the left; no letter, digit, `_` or `-` on the right.
    Token,
    /// As `token`, but behind `_` or `-` a word in small letters may end it: `…_prod`, `…-old`. For secrets of one length.
    Labelled,
    /// No letter, digit or `_` on either side.
    Word,
    /// No letter or digit on either side.
    Alnum,
    /// No hexadecimal digit or letter on either side, nor `-`.
    Hex,
    /// No letter, digit, `+`, `/`, `_` or `-` on the left; none of them nor `=` on the right.
    Base64,
}

/// Another piece of a finding that stands near the anchor.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `secret` is the finding's secret; any other name is a detail (`user`, `host`).
    pub name: Text,
    /// Tried in order; of the first that matches within reach, the match nearest to the anchor counts. The
    /// first capture whose name begins with `value` is the piece, else the whole match. `%{assigned:NAME}`
    /// stands for a value given to a name that ends with NAME, in any notation.
    pub patterns: Texts,
    /// Whether the rule still holds without it.
    #[serde(default)]
    pub optional: bool,
}

/// Spellings of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Adjacent string literals joined: `"a" + "b"`, `"a" \` and the next line, `"a" . "b"`.
    Joined,
    /// Base64, standard or URL alphabet, wrapped or not, padded or not.
    Base64,
    /// `%2E`.
    Percent,
    /// `\u002e`, `\x2e`, `&#46;`.
    Escaped,
    /// Two hexadecimal digits a byte.
    Hex,
    /// UTF-16 inside a text that is not.
    Utf16,
    /// Compressed, in base64. No rule asks for it: all are looked for.
    Packed,
    /// In pieces that statements, calls or a reader put together. What is looked for joined is looked for so.
    Split,
    /// Backwards. No rule asks for it: all are looked for beside what turns a text round.
    Reversed,
}

/// One thing the judge looks at.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Check {
    /// Shannon entropy of the secret in bits a character, at least.
    Entropy(f32),
    /// Shannon entropy of the secret over its characters and divided by its bytes, above this.
    EntropyAbove(f64),
    /// At least so many different characters.
    Distinct(u32),
    /// At least one digit and one letter.
    Mixed,
    /// At least this many bytes.
    MinLength(u32),
    /// At most this many bytes.
    MaxLength(u32),
    /// A structure that real ones have. Holding raises confidence, failing never rejects.
    Structure(Structure),
    /// A checksum inside. Holding makes it high; failing dismisses it as invented.
    Checksum(Checksum),
    /// The secret decodes to what is named, else it is dismissed.
    Decodes(Decodes),
    /// The named part is not one of these (any ASCII case): it then belongs to another rule.
    PartNot {
        /// The part's name.
        part: Text,
        /// What it must not be.
        values: Texts,
    },
    /// One of these words, in any ASCII case, stands within reach; else it is dismissed.
    Near(Texts),
    /// None of these words, in any ASCII case, stands within reach; else it is dismissed.
    NotNear(Texts),
    /// One of these words within reach, in any ASCII case, raises confidence by a level.
    RaisedBy(Texts),
    /// One of these words within reach, in any ASCII case, lowers confidence by a level.
    LoweredBy(Texts),
    /// The path, in any ASCII case, contains one of these, or ends in one that `$` follows: it is low there.
    LowAt(Texts),
    /// The secret, in any ASCII case, contains none of these; else it is dismissed as a published sample. What differs
    /// from one of 16 characters or more in few places is low.
    NotContaining(Texts),
    /// The secret has to be a literal: not a variable, call, reference to a store, template or type.
    Literal,
    /// How the value that was given to the name was made decides: random, made up, a word, something else.
    Made,
    /// Placeholders are not dismissed: for hygiene, where the text is no secret at all, and for words that a list gives.
    AnyText,
}

/// Structures that real secrets have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// id = base64url(UUIDv4), secret = base64url(32 bytes).
    SendgridKey,
    /// A JSON object in base64url before the first dot.
    Jwt,
}

/// Checksums inside secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// The last six characters are the base62 CRC-32 of what stands between the prefix's `_` and them.
    Crc32Base62,
    /// The last seven characters are the base36 CRC-32 of all before them.
    Crc32Base36,
    /// The last eight characters are the upper-case hexadecimal CRC-32 of all before them.
    Crc32HexUpper,
    /// The last eight characters are the hexadecimal CRC-32, little end first, of all before the last `_`.
    Crc32HexLittle,
    /// The last eight characters are the hexadecimal CRC-32 of what stands between the prefix's `_` and them, a
    /// `_` right before them aside.
    Crc32Hex,
    /// The last six characters are the base64 of the CRC-32, little end first, of all between the four of the
    /// prefix and them.
    Crc32Base64Little,
    /// A PyPI macaroon: version 2, the location a package index.
    PypiMacaroon,
    /// The last bits of the words of a seed phrase (BIP-39) are the first of the SHA-256 of the others. Whoever makes
    /// a phrase makes its sum: it does not show that the phrase is in use, and published phrases are dismissed.
    Bip39,
}

/// What an encoded secret decodes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decodes {
    /// base64 of `user:password` in which the user is not `apikey` and the password no SendGrid key.
    BasicUser,
    /// base64 of `NUL user NUL password` in which the user is not `apikey`.
    SaslPlainUser,
    /// A JSON Web Token: a header that names an algorithm and, unless it is encrypted, an object as payload.
    Jwt,
    /// A private key in armour that is there in full.
    PrivateKey,
    /// A PKCS#12 file all of whose content is encrypted, by its beginning.
    SealedPkcs12,
    /// An OpenPGP secret key, in armour or not, that no passphrase protects, as far as can be read.
    OpenPgpKey,
    /// An OpenPGP secret key, in armour or not, under a passphrase.
    LockedPgpKey,
}

/// What to do about a finding.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// How to make the leaked one worthless. `{key_id}` stands for its id.
    #[serde(default)]
    pub revoke: Text,
    /// What to write instead.
    #[serde(default)]
    pub replace: Text,
    /// Where the new one belongs.
    #[serde(default)]
    pub store: Text,
    /// How to see that the leaked one is dead.
    #[serde(default)]
    pub verify: Text,
}
