//! Makes what stands in a slot: credentials of every format, passwords as people and programs make them, and what
//! looks like them.

use crate::stock::{Format, Stock};
use crate::support::samples::{self, Random};
use crate::written::{
    ALNUM, BASE58, BASE64STD, BASE64URL, DIGITS, DJANGO, LOWER, PLAIN_MARKS, WILD_MARKS, age_identity, capital,
    encoded, leet, pem, stride, styled,
};
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};
use std::collections::HashMap;

/// A value, and what is to be said of it.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// The text.
    pub text: String,
    /// The kind of credential.
    pub class: String,
    /// Prefixes of the ids of the rules that should find it; empty if any will do.
    pub rules: Vec<String>,
    /// The format, if it has one.
    pub format: String,
}

/// How far each list has been drawn from; formats are drawn evenly over a whole half.
#[derive(Debug, Default)]
pub struct Cursors {
    shared: HashMap<String, usize>,
}

/// Makes the values of one rendition of a template.
pub struct Maker<'a> {
    stock: &'a Stock,
    shared: &'a mut Cursors,
    /// The template's name.
    template: &'a str,
    random: Random,
    visits: &'a mut HashMap<String, usize>,
    current: Option<(Format, usize)>,
    used: bool,
    kept: HashMap<String, String>,
}

impl<'a> Maker<'a> {
    /// One for a rendition; `visits` lives as long as the template.
    pub fn new(
        stock: &'a Stock,
        shared: &'a mut Cursors,
        visits: &'a mut HashMap<String, usize>,
        template: &'a str,
        rendition: usize,
    ) -> Self {
        let random = Random::new(template, rendition as u64 + 1);
        Maker { stock, shared, template, random, visits, current: None, used: true, kept: HashMap::new() }
    }

    /// The next of a choice: none comes twice in a template before all have come.
    pub fn next_index(&mut self, of: &str, count: usize) -> usize {
        let visit = self.visits.entry(of.to_owned()).or_insert(0);
        let at = *visit;
        *visit += 1;
        let seed = Random::new(&format!("{}{of}", self.template), 3).below(count);
        (seed + at * stride(count)) % count
    }

    fn pool(&mut self, name: &str) -> String {
        let stock = self.stock;
        let list = stock.pools.get(name).unwrap_or_else(|| panic!("{}: there is no pool {name}", self.template));
        list[self.next_index(name, list.len())].clone()
    }

    /// Names of formats: a new one is drawn when the last one's value was used.
    fn named(&mut self, public: bool, style: &str) -> String {
        if self.used {
            let stock = self.stock;
            let list = if public { &stock.public } else { &stock.formats };
            let cursor = self.shared.shared.entry(if public { "public" } else { "formats" }.into()).or_insert(0);
            let format = list[*cursor % list.len()].clone();
            let name = *cursor / list.len() % format.names.len();
            *cursor += 1;
            self.current = Some((format, name));
            self.used = false;
        }
        let (format, name) = self.current.as_ref().expect("one was drawn");
        styled(&format.names[*name].to_lowercase(), style)
    }

    fn of_format(&mut self, format: &Format) -> Made {
        let recipe = self.extended(&format.recipe);
        let seed = self.random.number();
        let sample = samples::fill(&format.id, 0, seed, &recipe);
        let text = String::from_utf8(sample.text).expect("recipes are text");
        Made { text, class: "provider".into(), rules: format.rules.clone(), format: format.id.clone() }
    }

    /// Replaces the generators that only the corpus has.
    fn extended(&mut self, recipe: &str) -> String {
        let mut out = String::new();
        let mut rest = recipe;
        while let Some(at) = rest.find("%{") {
            let (before, inside) = (&rest[..at], &rest[at + 2..]);
            out += before;
            let name = inside.split([':', '}']).next().unwrap_or_default();
            let whole = inside.find('}').map(|end| &inside[..end]).unwrap_or_default();
            match self.special(name, whole) {
                Some(made) => {
                    out += &made;
                    rest = &inside[whole.len() + 1..];
                }
                None => {
                    out += "%{";
                    rest = inside;
                }
            }
        }
        out + rest
    }

    fn special(&mut self, name: &str, whole: &str) -> Option<String> {
        Some(match name {
            "ses" => self.random.characters("ABCDEFGHIJKLMNOP", 1),
            "bbdc" => {
                let number = self.random.characters(DIGITS, 12);
                BASE64.encode(&[number.as_bytes(), b":", &self.random.bytes::<20>()].concat())
            }
            "artifactory" => self.random.characters(BASE58, 69),
            "bedrock" => {
                let body = format!("BedrockAPIKey-{}-at-{}:", self.random.word(), self.random.characters(DIGITS, 12));
                BASE64.encode(&[body.as_bytes(), &self.random.bytes::<48>()].concat())
            }
            "azure64" => BASE64.encode(&self.random.bytes::<64>()),
            "azure32" => BASE64.encode(&self.random.bytes::<32>()),
            "sha32url" => BASE64URL_NOPAD.encode(&self.random.bytes::<32>()),
            "ado" => self.random.characters("abcdefghijklmnopqrstuvwxyz234567", 52),
            "django" => self.random.characters(LOWER, 1) + &self.random.characters(DJANGO, 49),
            "bitbucket" => {
                let body = self.random.characters(ALNUM, 24);
                let sum = crc32fast::hash(["ATBB", &body].concat().as_bytes());
                format!("{body}{sum:08X}")
            }
            "crc32-hex-body" => {
                let count = whole.split(':').nth(1).and_then(|n| n.parse().ok()).expect("a length");
                let body = self.random.characters(ALNUM, count);
                format!("{body}{:08x}", crc32fast::hash(body.as_bytes()))
            }
            "zuplo" => {
                let body = self.random.characters("abcdefghijklmnopqrstuvwxyz0123456789", 32);
                format!("zpka_{body}_{:08x}", crc32fast::hash(body.as_bytes()))
            }
            "confluent" => {
                let body = self.random.characters(BASE64STD, 54);
                let sum = crc32fast::hash(body.as_bytes()).to_le_bytes();
                format!("cflt{body}{}", BASE64_NOPAD.encode(&sum))
            }
            "age" => age_identity(&self.random.bytes::<32>()),
            _ => return None,
        })
    }

    /// What the body of a slot comes to.
    pub fn make(&mut self, body: &str) -> Made {
        let plain = |class: &str, text: String| Made { text, class: class.into(), ..Made::default() };
        if let Some(literal) = body.strip_prefix(':') {
            return plain("literal", self.nested(literal));
        }
        if let Some(choices) = body.strip_prefix('?') {
            let choices: Vec<&str> = choices.split('|').collect();
            let chosen = choices[self.next_index(body, choices.len())];
            let alone =
                chosen.strip_prefix('‹').and_then(|rest| rest.strip_suffix('›')).filter(|one| !one.contains('›'));
            if let Some(alone) = alone {
                return self.make(alone);
            }
            return plain("literal", self.nested(chosen));
        }
        if let Some((outer, inner)) = body.split_once('(').and_then(|(o, i)| Some((o, i.strip_suffix(')')?))) {
            let made = self.make(inner);
            return Made { text: encoded(outer, &made.text), class: "encoded".into(), ..made };
        }
        if body == "V" {
            let (format, _) = self.current.clone().expect("a name stands before a value");
            self.used = true;
            return self.of_format(&format);
        }
        if let Some(id) = body.strip_prefix("fmt:") {
            let stock = self.stock;
            let format = stock.formats.iter().chain(&stock.public).find(|format| format.id == id);
            let format = format.unwrap_or_else(|| panic!("{}: there is no format {id}", self.template));
            return self.of_format(format);
        }
        let (name, style) = body.split_once('/').unwrap_or((body, ""));
        match name {
            "any" => return plain("name", self.named(false, style)),
            "pub" => return plain("name", self.named(true, style)),
            "pw" => return plain("name", styled(&self.pool("password_name"), style)),
            "sec" => return plain("name", styled(&self.pool("secret_name"), style)),
            _ => {}
        }
        let (kind, argument) = body.split_once(':').unwrap_or((body, ""));
        if kind == "same" {
            let text =
                self.kept.get(argument).unwrap_or_else(|| panic!("{}: nothing kept as {argument}", self.template));
            return plain("same", text.clone());
        }
        if let Some((key, what)) = argument.split_once(':').filter(|_| kind == "keep") {
            let made = self.make(what);
            self.kept.insert(key.into(), made.text.clone());
            return made;
        }
        match self.word_of(kind, argument) {
            Some((class, text)) => plain(class, text),
            None => plain("pool", self.pool(body)),
        }
    }

    /// A text with ‹slots› in it.
    fn nested(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('‹') {
            let (inside, after) = after.split_once('›').expect("a ‹ has its ›");
            out += before;
            out += &self.make(inside).text;
            rest = after;
        }
        (out + rest).replace('‸', "")
    }

    fn word_of(&mut self, kind: &str, argument: &str) -> Option<(&'static str, String)> {
        let count = argument.parse::<usize>();
        let number = |otherwise: usize| count.clone().unwrap_or(otherwise);
        Some(match kind {
            "strong" => ("strong", self.strong(PLAIN_MARKS)),
            "wild" => ("strong", self.strong(WILD_MARKS)),
            "url" => ("strong", self.strong("-_.~")),
            "pwgen" => {
                let length = 10 + self.random.below(14);
                ("strong", self.random.characters(ALNUM, length))
            }
            "human" => ("human", self.human()),
            "phrase" => ("human", (0..4).map(|_| self.pool("word")).collect::<Vec<_>>().join(" ")),
            "token" => ("token", self.token()),
            "secretkey" => ("token", BASE64.encode(&self.random.bytes::<32>())),
            "weak" => ("weak", self.pool("weak")),
            "hex" => ("token", self.random.characters("0123456789abcdef", number(32))),
            "HEX" => ("token", self.random.characters("0123456789ABCDEF", number(32))),
            "alnum" => ("token", self.random.characters(ALNUM, number(32))),
            "lowernum" => ("token", self.random.characters("abcdefghijklmnopqrstuvwxyz0123456789", number(16))),
            "b64" => ("token", self.random.characters(BASE64STD, number(40))),
            "b64url" => ("token", self.random.characters(BASE64URL, number(40))),
            "digits" => ("number", self.random.characters(DIGITS, number(6))),
            "num" => ("number", (1 + self.random.below(number(1000))).to_string()),
            "uuid" => ("token", self.sample("%{uuid}")),
            "jwt" => ("token", self.sample("%{jwt}")),
            "akid" => ("pair", "AKIA".to_owned() + &self.random.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
            "b64lines" => ("block", self.sample(&format!("%{{base64-lines:{}}}", number(256)))),
            "der" => ("block", self.sample(&format!("%{{der:{}:\n}}", number(600)))),
            "der1" => ("block", self.sample(&format!("%{{der:{}}}", number(600)))),
            "pem" => ("pem", self.sample(&pem(argument, 600))),
            "pemb64" => ("encoded", BASE64.encode(self.sample(&pem("RSA", 600)).as_bytes())),
            "openssh" => {
                ("pem", self.sample(&format!("%{{openssh:{}}}", if argument.is_empty() { "none" } else { argument })))
            }
            "integrity" => ("hash", format!("sha512-{}", BASE64.encode(&self.random.bytes::<64>()))),
            "host" => (
                "word",
                format!(
                    "{}.{}.{}",
                    self.pick(&["db", "mail", "api", "cache", "mq", "ldap", "git"]),
                    self.pool("word"),
                    self.pool("tld")
                ),
            ),
            "domain" => ("word", format!("{}.{}", self.pool("word"), self.pool("tld"))),
            "email" => ("word", format!("{}@{}.{}", self.pool("first_name"), self.pool("word"), self.pool("tld"))),
            "ip" => (
                "word",
                format!("10.{}.{}.{}", self.random.below(250), self.random.below(250), 2 + self.random.below(250)),
            ),
            "version" => {
                ("word", format!("{}.{}.{}", 1 + self.random.below(9), self.random.below(30), self.random.below(20)))
            }
            "date" => (
                "word",
                format!(
                    "20{}-{:02}-{:02}",
                    18 + self.random.below(8),
                    1 + self.random.below(12),
                    1 + self.random.below(28)
                ),
            ),
            "time" => (
                "word",
                format!("{:02}:{:02}:{:02}", self.random.below(24), self.random.below(60), self.random.below(60)),
            ),
            "bcrypt" => (
                "hash",
                format!(
                    "$2b$12${}",
                    self.random.characters("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 53)
                ),
            ),
            "sealed" => ("cipher", format!("AgA{}=", self.random.characters(BASE64STD, 180))),
            "sops" => {
                let (data, iv, tag) = (
                    self.random.characters(BASE64STD, 22),
                    BASE64.encode(&self.random.bytes::<32>()),
                    BASE64.encode(&self.random.bytes::<16>()),
                );
                ("cipher", format!("ENC[AES256_GCM,data:{data}==,iv:{iv},tag:{tag},type:str]"))
            }
            "vaultlines" => (
                "cipher",
                (0..number(4)).map(|_| self.random.characters("0123456789", 80)).collect::<Vec<_>>().join("\n"),
            ),
            _ => return None,
        })
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.random.below(from.len())]
    }

    fn sample(&mut self, recipe: &str) -> String {
        let seed = self.random.number();
        String::from_utf8(samples::fill("corpus", 0, seed, recipe).text).expect("these are text")
    }

    /// As a password manager makes it.
    fn strong(&mut self, marks: &str) -> String {
        let length = 11 + self.random.below(14);
        let body = self.random.characters(ALNUM, length);
        let mut characters: Vec<char> = body.chars().collect();
        for _ in 0..1 + self.random.below(3) {
            // Not at the ends, where a mark means something in many syntaxes.
            let at = 1 + self.random.below(length - 2);
            characters[at] = self.random.characters(marks, 1).chars().next().expect("one was asked for");
        }
        characters.into_iter().collect()
    }

    /// As people make one that a policy accepts.
    fn human(&mut self) -> String {
        let (first, second) = (self.pool("word"), self.pool("word"));
        let (big, number) = (capital(&second), self.random.below(900) + 10);
        match self.random.below(7) {
            0 => format!("{}{big}{number}!", capital(&first)),
            1 => format!("{}-{second}-{}-{number}", first, self.pool("word")),
            2 => format!("{}_{big}@{number}", capital(&leet(&first))),
            3 => format!("{}{number}{}!", capital(&first), leet(&second)),
            4 => format!("{}.{number}.{big}", leet(&first)),
            5 => format!("{}{}{}*", leet(&capital(&first)), number, leet(&second)),
            _ => format!("My{}{big}{number}_", capital(&first)),
        }
    }

    /// As services issue them.
    fn token(&mut self) -> String {
        let length = 24 + 4 * self.random.below(8);
        match self.random.below(6) {
            0 => self.random.characters("0123456789abcdef", length),
            1 => self.random.characters(ALNUM, length),
            2 => BASE64.encode(&self.random.bytes::<32>()),
            3 => self.random.characters(BASE64URL, length - 2) + "x9",
            4 => format!("{}_{}", self.pool("word"), self.random.characters(ALNUM, length)),
            _ => BASE64URL_NOPAD.encode(&self.random.bytes::<24>()),
        }
    }
}
