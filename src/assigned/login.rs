//! A user's name and a password in one sentence.

use super::{LONGEST_VALUE, Link, Near, Quote, Tied};
use std::ops::Range;

/// What a user is called there.
const USERS: [&str; 8] = ["账号", "帐号", "账户", "用户名", "用户", "帳號", "user", "login"];

/// `用户名 admin，密码 x`: behind the word for a password, with a blank or without.
pub(super) fn told(near: &Near<'_>, word: &Range<usize>) -> Option<Tied> {
    if near.text[word.clone()].is_ascii() {
        return None;
    }
    let before = near.line_before(word.start);
    let listed =
        ["，", ",", "、", "；", "和"].iter().find_map(|mark| before.trim_ascii_end().strip_suffix(mark.as_bytes()))?;
    let start = near.skip(word.end, 4, false);
    let len = graphic(near, start);
    let is_made_up = || {
        let value = &near.text[start..start + len];
        value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
    };
    (names_a_user(listed) && len >= 4 && is_made_up()).then_some((Link::Told, start..start + len, Quote::Amid))
}

/// `账号密码：admin / x`: behind the user's name, if the line is about both.
pub(super) fn second(near: &Near<'_>, name: &Range<usize>, (link, value, quote): Tied) -> Tied {
    let slash = near.skip(value.end, 4, false);
    let start = near.skip(slash + 1, 4, false);
    let is_bare = matches!(quote, Quote::Bare | Quote::Amid) && matches!(link, Link::Given | Link::Told);
    if !is_bare || near.byte(slash) != Some(b'/') || slash == value.end || start == slash + 1 {
        return (link, value, quote);
    }
    let len = graphic(near, start);
    let is_of_both = names_a_user(near.line_before(name.start)) || names_a_user(&near.text[name.clone()]);
    if is_of_both && len >= 4 { (Link::Told, start..start + len, Quote::Amid) } else { (link, value, quote) }
}

fn names_a_user(text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    USERS.iter().any(|user| memchr::memmem::find(&lower, user.as_bytes()).is_some())
}

/// How many characters without a blank stand there, marks of a sentence aside.
fn graphic(near: &Near<'_>, start: usize) -> usize {
    let is_of_value = |b: &&u8| b.is_ascii_graphic() && !b",;()\"'`<>|".contains(b);
    let len = near.rest(start).iter().take(LONGEST_VALUE).take_while(is_of_value).count();
    len - usize::from(near.rest(start)[..len].ends_with(b"."))
}
