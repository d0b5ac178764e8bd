//! The forms of configuration files in which a secret goes without an expression in its place: emptied values, dropped
//! lines, references to a store.

use super::edit::{Change, Replacement};
use super::language::Language;
use super::literal::{end_of_line, is_word, line_of};
use super::shell::{self, Context};
use super::yaml::{Scalar, Style};
use std::ops::Range;

/// The edits of a change.
type Edits = Option<Vec<Replacement>>;

/// How an instruction of a Dockerfile takes a secret.
pub(super) enum Rest {
    /// `ENV` and `ARG`: the value goes, the name stays.
    Emptied(Vec<Replacement>),
    /// `CMD` and `ENTRYPOINT`, which a shell runs when the container starts.
    Started,
    /// `RUN`, which a shell runs while the image is built; where its arguments begin.
    Built(usize),
}

/// The variable under which the program that reads the file looks for this very setting; none where the rule's does.
pub(super) fn own_name(language: Language, text: &[u8], span: &Range<usize>) -> Option<String> {
    let name = match language {
        Language::AppSettings => json_keys(text, span.start)?.join("__"),
        Language::Terraform => declared(text, span)?.1.to_uppercase(),
        Language::TerraformVariables => {
            let line = line_of(text, span.start);
            if text[line.start..].first().is_some_and(u8::is_ascii_whitespace) {
                return None;
            }
            let name = text[line.start..span.start].split(|&b| b == b'=').next()?.trim_ascii();
            if name.iter().any(u8::is_ascii_uppercase) {
                return None;
            }
            String::from_utf8_lossy(name).to_uppercase()
        }
        _ => return None,
    };
    let starts = name.bytes().next()?.is_ascii_alphabetic();
    (starts && name.len() <= 120 && name.bytes().all(is_word)).then_some(name)
}

/// The keys of the objects that a place in a JSON text stands under, the outermost first; none inside a list.
pub(super) fn json_keys(text: &[u8], at: usize) -> Option<Vec<String>> {
    let mut keys: Vec<String> = Vec::new();
    let (mut last, mut i) = (String::new(), 0);
    while i < at {
        match text[i] {
            b'"' => {
                let end = string_end(text, i)?;
                if end > at {
                    break;
                }
                last = String::from_utf8_lossy(&text[i + 1..end - 1]).into_owned();
                i = end;
                continue;
            }
            b'{' => keys.push(std::mem::take(&mut last)),
            b'[' => return None,
            b'}' => _ = keys.pop()?,
            b',' => last.clear(),
            b'/' if text.get(i + 1) == Some(&b'/') => {
                i = end_of_line(text, i);
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    keys.push(last);
    let keys: Vec<String> = keys.into_iter().skip(1).collect();
    (!keys.is_empty() && keys.iter().all(|key| !key.is_empty())).then_some(keys)
}

/// Behind the string that begins at a place.
fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match text.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            b'\n' => return None,
            _ => at += 1,
        }
    }
}

/// A string of a JSON text that is nothing but the secret becomes empty.
pub(super) fn json_value(text: &[u8], span: &Range<usize>) -> Edits {
    json_keys(text, span.start)?;
    let quoted = text[..span.start].ends_with(b"\"") && text.get(span.end) == Some(&b'"');
    let key = text[..span.start].strip_suffix(b"\"")?.trim_ascii_end().ends_with(b":");
    (quoted && key).then(|| vec![(span.clone(), String::new())])
}

/// `NAME=secret` becomes `NAME=`, quotes staying.
pub(super) fn assigned_value(text: &[u8], span: &Range<usize>) -> Edits {
    let line = line_of(text, span.start);
    let (before, behind) = (&text[line.start..span.start], text[span.end..line.end].trim_ascii());
    let quote = before.last().copied().filter(|b| matches!(b, b'"' | b'\''));
    let head = if quote.is_some() { &before[..before.len() - 1] } else { before };
    let name = head.trim_ascii_end().strip_suffix(b"=")?.trim_ascii();
    let name = name.strip_prefix(b"export ").unwrap_or(name);
    let behind = if quote.is_some() { behind.strip_prefix(&[quote?])?.trim_ascii() } else { behind };
    let plain = !name.is_empty() && name.iter().all(|&b| is_word(b)) && (behind.is_empty() || behind.starts_with(b"#"));
    plain.then(|| vec![(span.clone(), String::new())])
}

/// The line `default = "secret"` of a declared variable, and the variable's name.
fn declared(text: &[u8], span: &Range<usize>) -> Option<(Range<usize>, String)> {
    let line = line_of(text, span.start);
    let key = text[line.start..span.start].strip_suffix(b"\"")?.trim_ascii_end().strip_suffix(b"=")?.trim_ascii();
    // A key over lines ends behind this one.
    let behind = text.get(span.end..line.end)?.strip_prefix(b"\"")?.trim_ascii();
    let open = memchr::memrchr2(b'{', b'}', &text[..line.start]).filter(|&at| text[at] == b'{')?;
    let head = text[line_of(text, open).start..open].trim_ascii().strip_prefix(b"variable")?.trim_ascii();
    let name = head.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let alone = key == b"default" && (behind.is_empty() || behind.starts_with(b"#"));
    let plain = !name.is_empty() && name.iter().all(|&b| is_word(b)) && !name.iter().any(u8::is_ascii_uppercase);
    (alone && plain).then(|| (whole_line(text, &line), String::from_utf8_lossy(name).into_owned()))
}

/// The default of a variable of Terraform's goes: TF_VAR_ and its name in the environment set it.
pub(super) fn terraform_default(text: &[u8], span: &Range<usize>) -> Option<Change> {
    let (line, name) = declared(text, span)?;
    Some(Change { edits: vec![(line, String::new())], expression: format!("var.{name}") })
}

/// The line of a `.tfvars` file goes: what it says outdoes the environment.
pub(super) fn terraform_line(text: &[u8], span: &Range<usize>, variable: &str) -> Edits {
    let line = line_of(text, span.start);
    let name = text[line.start..span.start].strip_suffix(b"\"")?.trim_ascii_end().strip_suffix(b"=")?.trim_ascii_end();
    let behind = text[span.end..line.end].strip_prefix(b"\"")?.trim_ascii();
    let alone = String::from_utf8_lossy(name).eq_ignore_ascii_case(variable);
    (alone && (behind.is_empty() || behind.starts_with(b"#"))).then(|| vec![(whole_line(text, &line), String::new())])
}

/// The line with its end.
fn whole_line(text: &[u8], line: &Range<usize>) -> Range<usize> {
    let rest = &text[line.end..];
    let end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    line.start..line.end + end
}

/// `Environment=NAME=secret` becomes a file that holds it.
pub(super) fn systemd(text: &[u8], span: &Range<usize>) -> Edits {
    let line = line_of(text, span.start);
    let value = text[line.start..span.start].strip_prefix(b"Environment=")?;
    let quote = value.first().copied().filter(|b| matches!(b, b'"' | b'\''));
    let name = if quote.is_some() { &value[1..] } else { value }.strip_suffix(b"=")?;
    let behind = &text[span.end..line.end];
    let ends = match quote {
        Some(quote) => behind.trim_ascii_end() == [quote],
        None => behind.trim_ascii().is_empty(),
    };
    let alone = ends && name.iter().all(|&b| is_word(b));
    alone.then(|| vec![(line.clone(), "EnvironmentFile=/etc/%N.env".to_owned())])
}

/// Whether the place is text or an attribute's value of a document with tags, outside of comments.
pub(super) fn markup(text: &[u8], span: &Range<usize>) -> Option<()> {
    let before = &text[..span.start];
    let last = |mark: &[u8]| memchr::memmem::rfind(before, mark);
    let in_comment = last(b"<!--").is_some_and(|at| last(b"-->").is_none_or(|end| end < at));
    (!in_comment && last(b"<![CDATA[").is_none()).then_some(())
}

/// Which kind of instruction of a Dockerfile the secret stands in.
pub(super) fn dockerfile(text: &[u8], span: &Range<usize>) -> Option<Rest> {
    let mut start = line_of(text, span.start).start;
    if text[start..].trim_ascii_start().starts_with(b"#") {
        return None;
    }
    let mut at = start;
    while at > 0 {
        let above = line_of(text, at - 1);
        at = above.start;
        let content = text[above].trim_ascii();
        // Comments may stand between the lines of an instruction.
        match (content.starts_with(b"#"), content.ends_with(b"\\")) {
            (true, _) => {}
            (false, true) => start = at,
            (false, false) => break,
        }
    }
    let start = start + text[start..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let word = text[start..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let arguments = start + word;
    if memchr::memmem::find(text.get(arguments..span.start)?, b"<<").is_some() {
        return None;
    }
    let exec_form = text[arguments..].trim_ascii_start().starts_with(b"[");
    match &text[start..arguments].to_ascii_uppercase()[..] {
        b"ENV" => emptied(text, span, arguments).map(Rest::Emptied),
        b"ARG" => emptied(text, span, arguments).map(|edits| {
            let (value, _) = &edits[0];
            Rest::Emptied(vec![(value.start - 1..value.end, String::new())])
        }),
        b"RUN" if !exec_form => Some(Rest::Built(arguments)),
        b"CMD" | b"ENTRYPOINT" if !exec_form => Some(Rest::Started),
        _ => None,
    }
}

/// `NAME=secret` or `NAME secret` of an `ENV` becomes `NAME=""`.
fn emptied(text: &[u8], span: &Range<usize>, arguments: usize) -> Edits {
    let quote = text[..span.start].last().copied().filter(|b| matches!(b, b'"' | b'\''));
    let (start, end) = match quote {
        Some(quote) if text.get(span.end) == Some(&quote) => (span.start - 1, span.end + 1),
        Some(_) => return None,
        None => (span.start, span.end),
    };
    if text.get(end).is_some_and(|b| !b.is_ascii_whitespace()) {
        return None;
    }
    if text[..start].ends_with(b"=") && text[..start - 1].last().is_some_and(|&b| is_word(b)) {
        return Some(vec![(start..end, "\"\"".to_owned())]);
    }
    let name = text[arguments..start].trim_ascii();
    let name_end = arguments + text[arguments..start].trim_ascii_end().len();
    let old_form = !name.is_empty() && name.iter().all(|&b| is_word(b)) && end == end_of_line(text, end);
    old_form.then(|| vec![(name_end..end, "=\"\"".to_owned())])
}

/// `NAME = 'secret'` in a pipeline's `environment` becomes a binding of a credential.
pub(super) fn jenkinsfile(text: &[u8], span: &Range<usize>, expression: &str) -> Edits {
    let line = line_of(text, span.start);
    let (before, quote) = text[line.start..span.start].split_at_checked(span.start - line.start - 1)?;
    let closed = matches!(quote, b"'" | b"\"") && text[span.end..line.end].trim_ascii_end() == quote;
    let name = before.trim_ascii_end().strip_suffix(b"=")?.trim_ascii();
    let mut closed_before = 0usize;
    let open = (0..line.start).rev().find(|&i| {
        let opens = text[i] == b'{' && closed_before == 0;
        match text[i] {
            b'}' => closed_before += 1,
            b'{' => closed_before = closed_before.saturating_sub(1),
            _ => {}
        }
        opens
    })?;
    let binds = text[..open].trim_ascii_end().ends_with(b"environment");
    (closed && binds && name.iter().all(|&b| is_word(b)))
        .then(|| vec![(span.start - 1..span.end + 1, expression.to_owned())])
}

/// How the shell that runs a `RUN` reads the span.
pub(super) fn in_run(text: &[u8], arguments: usize, span: &Range<usize>) -> Option<Context> {
    let mut end = end_of_line(text, span.end);
    while text[..end].ends_with(b"\\") && end < text.len() {
        end = end_of_line(text, end + 1);
    }
    let here = span.start - arguments..span.end - arguments;
    Some(match shell::context(&text[arguments..end], &here)? {
        Context::Single(open) => Context::Single(open + arguments),
        other => other,
    })
}

/// Whether a file for the beginning of a session sets the very variable that the secret would come from.
pub(super) fn sets_itself(language: Language, text: &[u8], span: &Range<usize>, variable: &str) -> bool {
    let line = line_of(text, span.start);
    let before = String::from_utf8_lossy(&text[line.start..span.start]).into_owned();
    let before = before.trim_end_matches(['"', '\'']).trim_start();
    let set = before.strip_prefix("export ").unwrap_or(before).trim_start().strip_prefix(variable);
    language == Language::ShellProfile && set == Some("=")
}

/// `value: secret` of a container's variable becomes a reference to a Secret.
pub(super) fn secret_key_ref(scalar: &Scalar, span: &Range<usize>, expression: &str) -> Edits {
    let key = scalar.key.clone()?;
    let is_variable = matches!(scalar.keys.get(..2)?, [value, env] if value == "value" && env == "env");
    let whole = scalar.inner == *span && scalar.style != Style::Block;
    (is_variable && whole).then(|| vec![(key.start..scalar.outer.end, expression.to_owned())])
}

/// The entry `NAME: secret` goes; what is set under this name outside takes its place.
pub(super) fn without_entry(text: &[u8], scalar: &Scalar, span: &Range<usize>) -> Edits {
    let key = scalar.key.clone()?;
    let line = line_of(text, span.start);
    let indent = |line: &[u8]| line.iter().take_while(|&&b| b == b' ').count();
    let own = indent(&text[line.clone()]);
    let alone = scalar.inner == *span && key.start == line.start + own && own > 0;
    let parent_name = scalar.keys.get(1)?;
    if !alone || !["variables", "environment"].contains(&parent_name.as_str()) {
        return None;
    }
    let below = whole_line(text, &line).end;
    let has_line_below = below < text.len() && {
        let next = &text[line_of(text, below)];
        indent(next) == own && !next.trim_ascii().is_empty()
    };
    let above = line_of(text, line.start.checked_sub(1)?);
    let over = &text[above.clone()];
    if has_line_below || (indent(over) == own && !over.trim_ascii().is_empty()) {
        return Some(vec![(whole_line(text, &line), String::new())]);
    }
    let parent = over.trim_ascii_end();
    (indent(over) < own && parent.ends_with(b":"))
        .then(|| vec![(above.start + parent.len()..line.end, " {}".to_owned())])
}

/// The value of a directive reads a variable of nginx's, which an included file sets.
pub(super) fn nginx(text: &[u8], span: &Range<usize>, variable: &str, expression: &str) -> Edits {
    const TAKES: [&str; 6] =
        ["proxy_set_header", "add_header", "fastcgi_param", "uwsgi_param", "grpc_set_header", "proxy_set_body"];
    let line = line_of(text, span.start);
    let before = &text[line.start..span.start];
    let indent = before.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let directive = before[indent..].split(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
    let ends = text[span.end..line.end].trim_ascii_end().ends_with(b";");
    if !TAKES.contains(&&*String::from_utf8_lossy(directive)) || !ends {
        return None;
    }
    // Only there may a variable be set.
    let mut closed = 0;
    let open = (0..line.start).rev().find(|&i| {
        closed += usize::from(text[i] == b'}');
        let opens = text[i] == b'{' && closed == 0;
        closed -= usize::from(text[i] == b'{' && closed > 0);
        opens
    })?;
    let block = &text[line_of(text, open).start..open];
    let block = block.trim_ascii_start();
    if !block.starts_with(b"server") && !block.starts_with(b"location") {
        return None;
    }
    let include = format!("include /run/secrets/{}.conf;", variable.to_lowercase());
    let mut edits = vec![(span.clone(), expression.to_owned())];
    if memchr::memmem::find(&text[open..line.start], include.as_bytes()).is_none() {
        let space = String::from_utf8_lossy(&before[..indent]).into_owned();
        let end = if text[line.end..].starts_with(b"\r\n") { "\r\n" } else { "\n" };
        edits.insert(0, (line.start..line.start, format!("{space}{include}{end}")));
    }
    Some(edits)
}

/// `static:user:secret` in Postfix's settings becomes a table in a file.
pub(super) fn postfix(text: &[u8], span: &Range<usize>, expression: &str) -> Edits {
    let line = line_of(text, span.start);
    let before = &text[line.start..span.start];
    let key = before.split(|&b| b == b'=').next()?.trim_ascii();
    let start = memchr::memmem::rfind(before, b"static:")?;
    let ends = text[span.end..line.end].trim_ascii().is_empty();
    (key == b"smtp_sasl_password_maps" && ends).then(|| vec![(line.start + start..span.end, expression.to_owned())])
}

/// Base64 of a secret with a line end behind it, less what stands for the line end; where that is a piece of its own.
pub(super) fn without_encoded_newline(text: &[u8], span: &Range<usize>) -> Option<Change> {
    let is_line_end = |range: &Range<usize>| matches!(text.get(range.clone()), Some(b"Cg==" | b"DQo="));
    // The place of the secret ends before its line end, or with it.
    let behind = span.end..span.end + 4;
    let within = span.end.checked_sub(4)?..span.end;
    let taken = [behind, within].into_iter().find(is_line_end)?;
    Some(Change { edits: vec![(taken, String::new())], expression: String::new() })
}
