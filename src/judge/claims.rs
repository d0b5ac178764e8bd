//! What a JSON Web Token says of its bearer, as far as that shows that nobody is one.

use super::decodes::base64;
use serde_json::{Map, Value};

/// Words that stand for any word in what people write to try a library out.
const META: &str = "\
    foo bar baz qux quux hello world some payload test key value data a b c name text message string example sample \
    prop property field claim custom something anything";

/// Whether a token's claims are only there to fill it: `{"foo":"bar"}`, or those of the sample that everybody copies.
pub(super) fn are_of_a_sample(token: &[u8]) -> bool {
    let Some(start) = memchr::memmem::find(token, b"eyJ") else { return false };
    let claims = token[start..].split(|b| *b == b'.').nth(1).and_then(base64);
    let claims = claims.and_then(|text| serde_json::from_slice::<Map<String, Value>>(&text).ok());
    claims.is_some_and(|claims| is_copied(&claims) || is_filling(&claims))
}

/// The subject and the time of jwt.io's token, or what the RFC's says of Joe.
fn is_copied(claims: &Map<String, Value>) -> bool {
    let subject = claims.get("sub").and_then(Value::as_str);
    let issued = claims.get("iat").and_then(Value::as_u64);
    let is_of_joe = claims.get("iss").and_then(Value::as_str) == Some("joe")
        && claims.get("exp").and_then(Value::as_f64) == Some(1_300_819_380.0);
    let is_of_the_site =
        subject == Some("1234567890") && issued.is_none_or(|at| matches!(at, 1_516_239_022 | 1_422_779_638));
    is_of_joe || is_of_the_site
}

/// Besides the time of issue, claims that are called and say nothing but such words.
fn is_filling(claims: &Map<String, Value>) -> bool {
    let is_meta = |text: &str| META.split_ascii_whitespace().any(|word| text.eq_ignore_ascii_case(word));
    let mut told = claims.iter().filter(|(name, _)| *name != "iat").peekable();
    told.peek().is_some() && told.all(|(name, value)| is_meta(name) && value.as_str().is_some_and(is_meta))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD;

    fn token(claims: &str) -> Vec<u8> {
        let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(claims), "x".repeat(43)).into_bytes()
    }

    #[test]
    fn claims_that_only_fill_a_token_are_a_samples() {
        for claims in [
            r#"{"foo":"bar"}"#,
            r#"{"iss":"joe","exp":1.300819380e9,"http://example.com/is_root":true}"#,
            r#"{"hello":"world","iat":1526217811}"#,
            r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#,
        ] {
            assert!(are_of_a_sample(&token(claims)), "{claims}");
        }
    }

    #[test]
    fn claims_about_somebody_are_none() {
        for claims in [
            r#"{"sub":"7"}"#,
            r#"{"iat":1526131411,"admin":"false","user":"Tom"}"#,
            r#"{"sub":"1234567890","iat":1700000000}"#,
            r#"{"foo":"bar","exp":1700000000}"#,
            r#"{"iat":1526131411}"#,
            "{}",
        ] {
            assert!(!are_of_a_sample(&token(claims)), "{claims}");
        }
        assert!(!are_of_a_sample(b"hunter2"));
    }
}
