//! What the strings and comments of each language look like.

use super::language::Language;
use super::syntax::{Apostrophe, Block, Escape, Heredoc, Partly, Quote, Syntax, Whole};

const fn quote(mark: &'static str, escape: Escape, lines: bool, part: Partly) -> Quote {
    Quote { open: mark, close: mark, escape, lines, hole: None, whole: Whole::Expression, part }
}

const fn with_hole(mark: &'static str, lines: bool, hole: &'static str, part: Partly) -> Quote {
    Quote {
        open: mark,
        close: mark,
        escape: Escape::Backslash,
        lines,
        hole: Some(hole),
        whole: Whole::Expression,
        part,
    }
}

const fn pair(open: &'static str, close: &'static str, escape: Escape, lines: bool, part: Partly) -> Quote {
    Quote { open, close, escape, lines, hole: None, whole: Whole::Expression, part }
}

const fn opaque(mark: &'static str, escape: Escape, lines: bool) -> Quote {
    Quote { open: mark, close: mark, escape, lines, hole: None, whole: Whole::Stays, part: Partly::Stays }
}

const fn block(open: &'static str, close: &'static str) -> Block {
    Block { open, close, nests: false, at_line_start: false }
}

const fn nested(open: &'static str, close: &'static str) -> Block {
    Block { open, close, nests: true, at_line_start: false }
}

const fn page(open: &'static str, close: &'static str) -> Block {
    Block { open, close, nests: false, at_line_start: true }
}

const PLAIN: Syntax = Syntax {
    line_comments: &[],
    block_comments: &[],
    quotes: &[],
    prefixes: &[],
    raw_prefix_ends_escapes: false,
    apostrophe: Apostrophe::Nothing,
    slash_regex: false,
    heredoc: Heredoc::None,
    starts_in_page: false,
    attributes: false,
};

use Apostrophe::{BackslashCharacter, Character, MarkedCharacter};
use Escape::{Backslash, Backtick, Doubled};
use Partly::{Becomes, Call, Dollars, FString, Formatted, Hole, Join, Stays};

const HASH: &[&str] = &["#"];
const STARS: &[Block] = &[block("/*", "*/")];

/// Comments as in C.
const SLASHES: Syntax = Syntax { line_comments: &["//"], block_comments: STARS, ..PLAIN };
/// The same, where a comment may hold another.
const NESTING: Syntax = Syntax { block_comments: &[nested("/*", "*/")], ..SLASHES };

/// A quote in which `${name}` stands for a variable's value.
const fn with_dollar(mark: &'static str, spans_lines: bool) -> Quote {
    with_hole(mark, spans_lines, "${", Hole("${", "}"))
}

static PYTHON: Syntax = Syntax {
    line_comments: HASH,
    quotes: &[
        quote("\"\"\"", Backslash, true, FString),
        quote("'''", Backslash, true, FString),
        quote("\"", Backslash, false, FString),
        quote("'", Backslash, false, FString),
    ],
    prefixes: &["r", "b", "f", "u", "rb", "br", "rf", "fr", "t"],
    ..PLAIN
};

const TEMPLATE: Partly = Becomes { quote: "`", hole: ("${", "}"), unless: &["`", "${"] };

static SCRIPT: Syntax = Syntax {
    quotes: &[quote("\"", Backslash, false, TEMPLATE), quote("'", Backslash, false, TEMPLATE), with_dollar("`", true)],
    slash_regex: true,
    ..SLASHES
};

static RUBY: Syntax = Syntax {
    line_comments: HASH,
    block_comments: &[page("=begin", "\n=end")],
    quotes: &[
        with_hole("\"", true, "#{", Hole("#{", "}")),
        quote("'", Backslash, true, Becomes { quote: "\"", hole: ("#{", "}"), unless: &["\"", "\\", "#"] }),
        opaque("`", Backslash, true),
    ],
    apostrophe: MarkedCharacter(b'?'),
    slash_regex: true,
    heredoc: Heredoc::Two,
    ..PLAIN
};

static PHP: Syntax = Syntax {
    line_comments: &["//", "#"],
    block_comments: STARS,
    quotes: &[
        with_hole("\"", true, "{$", Join(" . ")),
        quote("'", Backslash, true, Join(" . ")),
        opaque("`", Backslash, true),
    ],
    heredoc: Heredoc::Three,
    starts_in_page: true,
    attributes: true,
    ..PLAIN
};

static GO: Syntax = Syntax {
    quotes: &[quote("\"", Backslash, false, Join(" + ")), quote("`", Escape::None, true, Join(" + "))],
    apostrophe: Character,
    ..SLASHES
};

static JAVA: Syntax = Syntax {
    quotes: &[
        Quote { whole: Whole::Stays, ..quote("\"\"\"", Backslash, true, Formatted) },
        quote("\"", Backslash, false, Join(" + ")),
    ],
    apostrophe: Character,
    ..SLASHES
};

static KOTLIN: Syntax = Syntax {
    quotes: &[Quote { escape: Escape::None, ..with_dollar("\"\"\"", true) }, with_dollar("\"", false)],
    apostrophe: Character,
    ..NESTING
};

static SCALA: Syntax = Syntax {
    quotes: &[quote("\"\"\"", Escape::None, true, Join(" + ")), quote("\"", Backslash, false, Join(" + "))],
    prefixes: &["s", "f", "raw"],
    apostrophe: Character,
    ..NESTING
};

static GROOVY: Syntax = Syntax {
    quotes: &[
        with_dollar("\"\"\"", true),
        quote("'''", Backslash, true, Join(" + ")),
        with_dollar("\"", false),
        quote("'", Backslash, false, Join(" + ")),
    ],
    slash_regex: true,
    ..SLASHES
};

static CSHARP: Syntax = Syntax {
    quotes: &[
        opaque("\"\"\"\"", Escape::None, true),
        quote("\"\"\"", Escape::None, true, Dollars),
        pair("$$\"\"\"", "\"\"\"", Escape::None, true, Stays),
        pair("$\"\"\"", "\"\"\"", Escape::None, true, Dollars),
        pair("$@\"", "\"", Doubled, true, Join(" + ")),
        pair("@$\"", "\"", Doubled, true, Join(" + ")),
        pair("@\"", "\"", Doubled, true, Join(" + ")),
        pair("$\"", "\"", Backslash, false, Join(" + ")),
        quote("\"", Backslash, false, Join(" + ")),
    ],
    apostrophe: Character,
    ..SLASHES
};

static FSHARP: Syntax = Syntax {
    line_comments: &["//"],
    block_comments: &[nested("(*", "*)")],
    quotes: &[
        opaque("\"\"\"", Escape::None, true),
        pair("@\"", "\"", Doubled, true, Join(" + ")),
        pair("$\"", "\"", Backslash, true, Join(" + ")),
        quote("\"", Backslash, true, Join(" + ")),
    ],
    apostrophe: Character,
    ..PLAIN
};

static VISUAL_BASIC: Syntax = Syntax {
    line_comments: &["'", "REM ", "Rem "],
    quotes: &[pair("$\"", "\"", Doubled, false, Join(" & ")), quote("\"", Doubled, false, Join(" & "))],
    ..PLAIN
};

static RUST: Syntax = Syntax {
    quotes: &[
        pair("r##\"", "\"##", Escape::None, true, Stays),
        pair("r#\"", "\"#", Escape::None, true, Stays),
        pair("r\"", "\"", Escape::None, true, Stays),
        quote("\"", Backslash, true, Stays),
    ],
    prefixes: &["b", "br", "c", "cr"],
    apostrophe: Character,
    ..NESTING
};

static ELIXIR: Syntax = Syntax {
    line_comments: HASH,
    quotes: &[
        Quote { whole: Whole::Stays, ..with_hole("\"\"\"", true, "#{", Hole("#{", "}")) },
        opaque("'''", Backslash, true),
        with_hole("\"", true, "#{", Hole("#{", "}")),
        opaque("'", Backslash, true),
    ],
    apostrophe: MarkedCharacter(b'?'),
    ..PLAIN
};

static ERLANG: Syntax = Syntax {
    line_comments: &["%"],
    quotes: &[quote("\"", Backslash, true, Join(" ++ ")), opaque("'", Backslash, false)],
    apostrophe: MarkedCharacter(b'$'),
    ..PLAIN
};

static SWIFT: Syntax = Syntax {
    quotes: &[
        Quote { whole: Whole::Stays, ..with_hole("\"\"\"", true, "\\(", Hole("\\(", ")")) },
        Quote { whole: Whole::Expression, ..pair("#\"", "\"#", Escape::None, false, Stays) },
        with_hole("\"", false, "\\(", Hole("\\(", ")")),
    ],
    ..NESTING
};

static OBJECTIVE_C: Syntax = Syntax {
    quotes: &[pair("@\"", "\"", Backslash, false, Stays), opaque("\"", Backslash, false)],
    apostrophe: Character,
    ..SLASHES
};

static DART: Syntax = Syntax {
    quotes: &[with_dollar("'''", true), with_dollar("\"\"\"", true), with_dollar("\"", false), with_dollar("'", false)],
    prefixes: &["r"],
    raw_prefix_ends_escapes: true,
    ..NESTING
};

static PERL: Syntax = Syntax {
    line_comments: HASH,
    block_comments: &[page("=pod", "\n=cut"), page("=head", "\n=cut"), page("__END__", "\0"), page("__DATA__", "\0")],
    quotes: &[
        quote("\"", Backslash, true, Join(" . ")),
        quote("'", Backslash, true, Join(" . ")),
        opaque("`", Backslash, true),
    ],
    slash_regex: true,
    heredoc: Heredoc::Two,
    ..PLAIN
};

static LUA: Syntax = Syntax {
    line_comments: &["--"],
    quotes: &[
        quote("\"", Backslash, false, Join(" .. ")),
        quote("'", Backslash, false, Join(" .. ")),
        pair("[==[", "]==]", Escape::None, true, Stays),
        pair("[=[", "]=]", Escape::None, true, Stays),
        pair("[[", "]]", Escape::None, true, Stays),
    ],
    block_comments: &[block("--[[", "]]"), block("--[=[", "]=]")],
    ..PLAIN
};

static R_LANGUAGE: Syntax = Syntax {
    line_comments: HASH,
    quotes: &[
        quote("\"", Backslash, true, Call { open: "paste0(", between: ", ", close: ")" }),
        quote("'", Backslash, true, Call { open: "paste0(", between: ", ", close: ")" }),
        opaque("`", Backslash, false),
    ],
    ..PLAIN
};

static CLOJURE: Syntax = Syntax {
    line_comments: &[";"],
    quotes: &[
        Quote { whole: Whole::Stays, ..pair("#\"", "\"", Backslash, true, Stays) },
        quote("\"", Backslash, true, Call { open: "(str ", between: " ", close: ")" }),
    ],
    apostrophe: BackslashCharacter,
    ..PLAIN
};

static C_LANGUAGE: Syntax = Syntax {
    quotes: &[
        Quote { whole: Whole::Stays, ..pair("R\"(", ")\"", Escape::None, true, Stays) },
        quote("\"", Backslash, false, Stays),
    ],
    prefixes: &["l", "u", "u8"],
    apostrophe: Character,
    ..SLASHES
};

static POWERSHELL: Syntax = Syntax {
    line_comments: HASH,
    block_comments: &[block("<#", "#>")],
    quotes: &[
        pair("@\"\n", "\n\"@", Escape::None, true, Hole("${env:", "}")),
        pair("@\"\r\n", "\n\"@", Escape::None, true, Hole("${env:", "}")),
        Quote { whole: Whole::Stays, ..pair("@'\n", "\n'@", Escape::None, true, Stays) },
        Quote { whole: Whole::Stays, ..pair("@'\r\n", "\n'@", Escape::None, true, Stays) },
        quote("\"", Backtick, true, Hole("${env:", "}")),
        quote("'", Doubled, true, Becomes { quote: "\"", hole: ("${env:", "}"), unless: &["\"", "$", "`", "''"] }),
    ],
    ..PLAIN
};

static TERRAFORM: Syntax = Syntax {
    line_comments: &["#", "//"],
    block_comments: STARS,
    quotes: &[with_dollar("\"", false)],
    heredoc: Heredoc::Two,
    ..PLAIN
};

static HOCON: Syntax = Syntax {
    line_comments: &["#", "//"],
    quotes: &[opaque("\"\"\"", Escape::None, true), quote("\"", Backslash, false, Join(""))],
    ..PLAIN
};

/// The syntax of a language that is a program in the sense of this module.
pub(super) fn syntax(language: Language) -> Option<&'static Syntax> {
    use Language::*;
    Some(match language {
        Python => &PYTHON,
        JavaScript | TypeScript | DenoScript | DenoTypeScript | AppsScript => &SCRIPT,
        Ruby => &RUBY,
        Php | LaravelConfig => &PHP,
        Go => &GO,
        Java => &JAVA,
        Kotlin => &KOTLIN,
        Scala => &SCALA,
        Groovy => &GROOVY,
        CSharp => &CSHARP,
        FSharp => &FSHARP,
        VisualBasic => &VISUAL_BASIC,
        Rust => &RUST,
        Elixir => &ELIXIR,
        Erlang => &ERLANG,
        Swift => &SWIFT,
        ObjectiveC => &OBJECTIVE_C,
        Dart => &DART,
        Perl => &PERL,
        Lua => &LUA,
        R => &R_LANGUAGE,
        Clojure => &CLOJURE,
        C | Cpp => &C_LANGUAGE,
        PowerShell => &POWERSHELL,
        Terraform => &TERRAFORM,
        Hocon => &HOCON,
        _ => return None,
    })
}
