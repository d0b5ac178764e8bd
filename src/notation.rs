//! The notations in which configuration and code give a value to a name, for rules to use in their patterns.

use std::borrow::Cow;

const OPEN: &str = "%{assigned:";

/// The pattern with `%{assigned:NAME}` written out: a value given to a name that ends with NAME, itself a
/// regular expression in any ASCII case. The value is a capture whose name begins with `value`; a pattern
/// holds at most one. Known notations: quoted after `=`, `:`, `=>`, `:=` or a blank; the argument of a setter;
/// the second argument behind the name; an XML element, or one with the name as attribute; `name` and `value`
/// side by side; a line of a configuration file; `NAME=value` in a command or query; a flow of YAML; what holds if a
/// variable is not set, `${NAME:-value}`.
pub(crate) fn expand(pattern: &str) -> Cow<'_, str> {
    let Some(start) = pattern.find(OPEN) else { return Cow::Borrowed(pattern) };
    let inside = &pattern[start + OPEN.len()..];
    let Some(end) = closing(inside) else { return Cow::Borrowed(pattern) };
    let written = ASSIGNED.replace("NAME", &format!("(?:{})", &inside[..end]));
    Cow::Owned([&pattern[..start], &written, &inside[end + 1..]].concat())
}

/// Where the brace closes that was opened before the text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// A name in quotes and a value with nothing but a blank between them are two arguments of something else.
/// `=3D` is how a mail writes the sign. A quoted value begins with no blank, comma or closing bracket: then the quote before it was a closing one.
const ASSIGNED: &str = r#"(?xi:
    (?: (?: set | with ) [\w]*? | [.>:] ) NAME \( \s* @? (?: "(?<value_set_d>[^"\r\n\\]+)" | '(?<value_set_s>[^'\r\n\\]+)' ) \s* \)
  | (?: [(\{] \s* | \( (?: \s* \d+ \s* , )+ \s* ) ["'] [\w.\-:]*? NAME ["'] \s* , \s* (?: "(?<value_arg_d>[^"\r\n\\\s,;)][^"\r\n\\]*)" | '(?<value_arg_s>[^'\r\n\\\s,;)][^'\r\n\\]*)' ) \s* [)\}]
  | \( (?: \s* \d+ \s* , )+ \s* ' [\w.\-:]*? NAME ' \s* , \s* '(?<value_row>[^'\r\n\\\s,;)][^'\r\n\\]*)' \s* ,
  | NAME ["'] \) \s* = \s* " (?<value_field>[^"\r\n\\\s,;)][^"\r\n\\]*) "
  | NAME ["'\]]{0,3} [\x20\t]* [=:] [\x20\t]* ["']? \$\{ \w+ :?[-=] (?<value_default>[^\s"'`\\{}$]{2,}) \}
  | NAME (?: (?: \\? ["'`] )? [\]}]{0,2} (?: \[\d{0,3}\] )?
      (?: \x20{0,2} : \x20{0,2} &?[\w.<>?]+ \x20{0,4} = | \x20+As\x20+String\x20*= | \x20+string\x20*:?= | [\x20\t]* (?: => | := | \?\?=? | \|\|=? | =3D | [=:] ) )
    | [\x20\t]+ )
    \s* (?: ConvertTo-SecureString \s+ (?: -String \s+ )? )? @? \\? (?:
        "(?<value_d>[^"\r\n\\\s,;:)}\]][^"\r\n\\]*) \\? "
      | '(?<value_s>[^'\r\n\\\s,;:)}\]][^'\r\n\\]*)'
      | `(?<value_b>[^`\r\n\\\s,;:)}\]$][^`\r\n\\]*)`
    )
  | NAME (?: ["'] [^<>\r\n]* )? > \s* (?: <!\[CDATA\[ )? (?<value_element>[^<>\s\]][^<>\r\n\]]*?) (?: \]\]> )? \s* </
  | NAME ["']? [\s,:\{]+ (?:-\s)? ["']? value ["']? \s* [:=] \s* ["']? (?<value_named>[^\s"'<>,}\]$\#\{][^\s"'<>,}\]]+)
  | ^ [\x20\t\#;/*"'>-]* (?: (?:export|env|arg|set|setx|account) \x20+ )? [\w.$\[\]:'"/-]*? NAME ["'\]]{0,3}
    (?: [\x20\t]* (?: =3D | [:?+]?= | : ) [\x20\t]* | [\x20\t]+ )
    (?<value_line>[^\s"'`<>(){}\[\],;$&|=:\#\\][^\s"'`<>(){}]+?) [,;]? [\x20\t]* (?: [\x20\t] [\#;] [^\r\n]* )? \r? $
  | NAME = (?:3D)? (?<value_inline>[^\s"'`<>(){}\[\],;$&|=:\#\\][^\s"'`<>(){};&,\\|]+) (?: [\s;&"'`\\] | \z )
  | [\{,] \s* ["']? [\w.-]*? NAME (?: :- | : \x20* ) (?<value_flow>[\w.@!%^*+][\w.@!%^*+-]+) \x20* [,\}]
)"#;

#[cfg(test)]
mod tests {
    use super::*;
    use regex::bytes::RegexBuilder;

    fn assigned(text: &str) -> Option<String> {
        let pattern = expand("%{assigned:pass(?:word){0,1}}");
        let regex = RegexBuilder::new(&pattern).unicode(false).multi_line(true).build().expect("it is valid");
        let captures = regex.captures(text.as_bytes())?;
        let name = regex.capture_names().flatten().find(|name| captures.name(name).is_some())?;
        Some(String::from_utf8_lossy(&captures[name]).into_owned())
    }

    #[test]
    fn values_are_seen_in_every_notation() {
        for text in [
            "password = \"s3 cret\"",
            "'smtp_pass' => 's3 cret',",
            "$config['smtp_pass'] = 's3 cret';",
            "{\"password\": \"s3 cret\"}",
            "{\\\"password\\\": \\\"s3 cret\\\"}",
            "const password = `s3 cret`",
            "val password: String = \"s3 cret\"",
            "const PASS: &str = \"s3 cret\";",
            "ENV['SMTP_PASS'] ||= 's3 cret'",
            "$ENV{SMTP_PASS} = 's3 cret';",
            "process.env.SMTP_PASS || 's3 cret'",
            "config.password ?? 's3 cret'",
            "Dim Password As String = \"s3 cret\"",
            "#define SMTP_PASS \"s3 cret\"",
            "char pass[] = \"s3 cret\";",
            "->setPassword('s3 cret')",
            ".password(\"s3 cret\")",
            "props.put(\"mail.smtp.password\", \"s3 cret\");",
            "os.environ.get('SMTP_PASS', 's3 cret')",
            "{ \"smtp_pass\", \"s3 cret\" },",
            "(78,'smtp_host','h'),(79,'smtp_pass','s3 cret','yes'),",
            "Fields(\"cdo/sendpassword\") = \"s3 cret\"",
            "$Password = ConvertTo-SecureString \"s3 cret\" -AsPlainText",
            "<smtpAuthPassword>s3 cret</smtpAuthPassword>",
            "<entry key=\"mail.password\">s3 cret</entry>",
        ] {
            assert_eq!(assigned(text).as_deref(), Some("s3 cret"), "{text}");
        }
        for text in [
            "- name: SMTP_PASSWORD\n  value: s3cret",
            "SMTP_PASSWORD=3Ds3cret\nNEXT=3D1",
            "<add key=\"SmtpPassword\" value=\"s3cret\"/>",
            "{\"name\": \"SMTP_PASSWORD\", \"value\": \"s3cret\"}",
            "{\"SMTP_PASSWORD\": {\"value\": \"s3cret\"}}",
            "password s3cret",
            "AuthPass=s3cret\r\n",
            "  smtp_pass: s3cret # ours",
            "export SMTP_PASS=s3cret",
            "SMTP_PASS := s3cret",
            "docker run -e SMTP_PASS=s3cret image",
            "Host=h;Password=s3cret;Port=587",
            "{user: me, pass: s3cret}",
            "SMTP_LOGIN: ${SMTP_PASS:-s3cret}",
            "SMTP_PASS: \"${SMTP_SECRET:-s3cret}\"",
            "- SMTP_PASS=${SMTP_SECRET-s3cret}",
        ] {
            assert_eq!(assigned(text).as_deref(), Some("s3cret"), "{text}");
        }
    }

    #[test]
    fn prose_calls_and_conditions_are_not_assignments() {
        for text in [
            "the password is kept elsewhere",
            "Password: ask the team for it",
            "password = get_password()",
            "login(user=user, password=password)",
            "if password == \"s3cret\" {",
            "(dict \"key\" \"smtp-password\" \"length\" 10)",
            "connect \"$PGPASSWORD\" \"-h 127.0.0.1\"",
            "label: \"Password:\", type: \"text\"",
            "'password' => env('MAIL_PASSWORD'),\n 'encryption' => 'tls'",
            "password?: string",
            "PASSWORD=${SMTP_PASSWORD:-}",
            "PASSWORD=$SMTP_PASSWORD",
            "smtp_password_file: /run/secrets/x",
            "passwordeval \"pass show smtp\"",
            "[\"host\", \"password\", \"port\"]",
            "VALUES ('h', 'password', 'email');",
        ] {
            assert_eq!(assigned(text), None, "{text}");
        }
    }
}
