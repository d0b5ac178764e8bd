//! Programs mended by a remedy still run and yield the same; and no text, however odd, is harmed.

use crate::{key, mended_by, remedy_of};
use proptest::prelude::*;
use std::path::Path;
use std::process::Command;

/// Runs a program with the variable set; `None` where the machine has no such program.
fn output(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let ran = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("SENDGRID_API_KEY", key())
        .env("MAIL_PASSWORD", key())
        .output();
    let output = match ran {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => panic!("{program}: {error}"),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs each sample before and after its edits: the same comes out, without the key in the program.
fn runs_alike(path: &str, program: &str, arguments: &[&str], samples: &[&str]) {
    for sample in samples {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let run = |text: &str| {
            std::fs::write(folder.path().join(path), text).expect("the sample can be written");
            output(folder.path(), program, arguments)
        };
        let text = sample.replace("KEY!", &key());
        let fixed = mended_by(&remedy_of(path, &text), &text);
        assert!(!fixed.contains(&key()), "{path}: {sample}");
        let Some(before) = run(&text) else { return };
        assert!(before.contains(&key()), "{path}: {sample}");
        assert_eq!(run(&fixed), Some(before), "{fixed}");
    }
}

/// The sample is mended, and the compiler takes it.
fn compiles(path: &str, compiler: &str, arguments: &[&str], sample: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let text = sample.replace("KEY!", &key());
    let fixed = mended_by(&remedy_of(path, &text), &text);
    assert!(!fixed.contains(&key()), "{path}: {sample}");
    std::fs::write(folder.path().join(path), fixed).expect("the sample can be written");
    output(folder.path(), compiler, arguments);
}

#[test]
fn mended_python_runs_alike() {
    runs_alike(
        "a.py",
        "python3",
        &["a.py"],
        &[
            "print('KEY!')\n",
            "\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nMAIL_PASSWORD = \"KEY!\"\nprint(MAIL_PASSWORD)\n",
            "#!/usr/bin/env python3\n# c\nx = {'auth': ('apikey', r'KEY!')}\nprint(x)\n",
            "h = \"Bearer KEY! it's\"\nprint(h)\n",
            "y = 1\nh = f'a{y} KEY!'\nprint(h)\n",
            "import sys\nprint(b'KEY!')\n",
            "h = ('https://u:' 'KEY!' '@h')\nprint(h)\n",
            "h = ('KEY!'\n     f'@h')\nprint(h)\n",
            "h = rf'\\d KEY! {1}'; print(h)\n",
            "def f(x, k='KEY!'): return k\nprint(f(1))\n",
            "import os\nprint(os.environ.get('SENDGRID_API_KEY', 'KEY!'))\n",
            "'''Doc\nmore'''\nfrom os import environ\nprint('KEY!')\n",
            "if True:\n    import os\nprint('KEY!')\n",
        ],
    );
}

#[test]
fn mended_node_runs_alike() {
    runs_alike(
        "a.js",
        "node",
        &["a.js"],
        &[
            "'use strict';\nconsole.log('KEY!');\n",
            "const h = \"Bearer KEY! it's \\u0041\\n\";\nconsole.log(h);\n",
            "const x = 1, h = `a${x ? `b${'KEY!'}` : \"c\"}`;\nconsole.log(h)\n",
            "console.log('a'.length / 2, 'x:KEY!')\n",
            "const f=()=>{return\"KEY!\"};console.log(f())\n",
            "console.log({ pass: 'KEY!' , [`k`]: /['\"`]/ })\n",
            "console.log(process.env.SENDGRID_API_KEY || 'KEY!')\n",
            "console.log(true ? 'KEY!' : '')\n",
        ],
    );
}

#[test]
fn mended_shell_runs_alike() {
    let samples = [
        "echo KEY!\n",
        "export MAIL_PASSWORD='KEY!'\necho \"$MAIL_PASSWORD\"\n",
        "echo \"a KEY! b\" 'it is' x\n",
        "echo 'say \"KEY!\" $x'\n",
        "echo apikey:KEY!,x\n",
        "cat <<EOF\n'a' KEY!\nEOF\n",
        "x=\"$(printf '%s' \"$(echo 'KEY!')\")\"\necho \"$x\"\n",
        "echo '{\n  \"key\": \"KEY!\"\n}'\n",
        "echo \"${MAIL_PASSWORD:-KEY!}\"\n",
        "f() {\n  case \"$1\" in a) echo \"KEY!\" ;; esac\n}\nf a\n",
    ];
    runs_alike("a.sh", "bash", &["a.sh"], &samples);
    runs_alike("a.sh", "sh", &["a.sh"], &samples);
}

#[test]
fn mended_perl_runs_alike() {
    runs_alike(
        "a.pl",
        "perl",
        &["a.pl"],
        &[
            "use strict; use warnings;\nmy $k = 'KEY!';\nprint $k;\n",
            "my $x = 1;\nprint \"a $x KEY!\\n\", 'b';\n",
            "my %h = (pass => \"KEY!\", user => 'a'); # it's\nprint $h{pass}, $#ARGV;\n",
            "print join ',', ('x', 'pre:KEY!:post');\n",
        ],
    );
}

#[test]
fn mended_java_runs_alike() {
    let program = |body: &str| format!("class A {{ public static void main(String[] a) {{ {body} }} }}\n");
    let samples = [
        program("char q = '\"'; System.out.println(\"KEY!\"); /* \" */"),
        program("System.out.println(\"x\" + \" KEY! b\".trim());"),
        program("String h = a.length > 0 ? \"\" : \"Bearer KEY!\"; System.out.println(h);"),
    ];
    runs_alike("A.java", "java", &["A.java"], &samples.each_ref().map(String::as_str));
}

#[test]
fn mended_c_and_rust_compile() {
    let c = "#include <stdio.h>\n\nint main(void) {\n  const char *k = \"KEY!\";\n  puts(k);\n  return 0;\n}\n";
    compiles("a.c", "cc", &["-Wall", "-Werror", "-o", "a", "a.c"], c);
    let cpp = "#include <string>\n\nstatic const std::string k = \"KEY!\";\nint main() { return k.empty(); }\n";
    compiles("a.cpp", "c++", &["-Wall", "-Werror", "-o", "a", "a.cpp"], cpp);
    for sample in [
        "fn g(_: &str) {}\npub fn f<'a>() {\n    let k = \"KEY!\";\n    g(k);\n}\n",
        "pub struct A { pub k: String }\npub fn f() -> A {\n    A { k: \"KEY!\".to_string() }\n}\n",
        "fn g(_: char, _: impl Into<String>) {}\npub fn f() {\n    g('\"', \"KEY!\");\n}\n",
        "use std::error::Error;\nfn g(_: &str) -> Result<(), Box<dyn Error>> { Ok(()) }\npub fn f() -> Result<(), Box<dyn Error>> {\n    g(\"KEY!\")\n}\n",
        "pub fn f() -> usize {\n    String::from(\"KEY!\").len()\n}\n",
    ] {
        compiles("a.rs", "rustc", &["--crate-type", "lib", "--emit", "metadata", "-o", "a.rmeta", "a.rs"], sample);
    }
}

/// Every kind of file there is a form for.
const PATHS: [&str; 48] = [
    "a.py",
    "a.js",
    "a.ts",
    "supabase/functions/a.ts",
    "a.gs",
    "a.rb",
    "a.php",
    "config/mail.php",
    "a.go",
    "a.java",
    "a.kt",
    "a.scala",
    "a.gradle",
    "a.cs",
    "a.fs",
    "a.vb",
    "a.rs",
    "a.ex",
    "a.erl",
    "a.swift",
    "a.m",
    "a.dart",
    "a.pl",
    "a.lua",
    "a.R",
    "a.clj",
    "a.c",
    "a.cpp",
    "a.sh",
    "a.fish",
    "a.ps1",
    "a.bat",
    "compose.yml",
    ".github/workflows/a.yml",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    ".circleci/config.yml",
    "group_vars/a.yml",
    "application.yml",
    "config/packages/a.yaml",
    "config/secrets.yml",
    "serverless.yml",
    "alertmanager.yml",
    "a.tf",
    "application.properties",
    "application.conf",
    "supabase/config.toml",
    ".msmtprc",
];

/// Pieces of text that are hard on whoever takes programs apart.
const TRICKY: [&str; 74] = [
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "\\",
    "/",
    "//",
    "/*",
    "*/",
    "#",
    "<#",
    "--",
    "[[",
    "]]",
    "${",
    "#{",
    "\\(",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<<EOF",
    "\nEOF\n",
    "<<<X",
    "\n",
    "\r\n",
    " ",
    "  ",
    "\t",
    ":",
    ": ",
    "- ",
    "=",
    " = ",
    ",",
    ";",
    ".",
    "+",
    "|",
    "|\n",
    "%",
    "$",
    "$(",
    "@",
    "<?php ",
    "?>",
    "key",
    "import os\n",
    "const ",
    "return",
    "f",
    "b",
    "r#",
    "é",
    "é\"",
    "env:",
    "run: ",
    "\u{feff}",
    " = \"",
    "\" ",
    "('",
    "')",
    "x: '",
    "'\n",
    "password ",
    "=\"",
    "\"\n",
    "export A=",
    "${A:-",
    "`\n",
    "'\"",
];

/// Files in which a value is emptied or an entry goes, with what makes them such files.
const EMPTIED: [(&str, &str); 13] = [
    ("Dockerfile", "FROM a\n"),
    ("Dockerfile", "RUN a \\\n"),
    ("appsettings.json", "{\"a\": {"),
    ("k8s.yaml", "apiVersion: v1\nkind: Pod\nenv:\n- name: A\n  value: "),
    ("values.yaml", "a:\n  b: "),
    (".circleci/config.yml", "a:\n  environment:\n    SENDGRID_API_KEY: "),
    ("a.tfvars", "a = \""),
    ("nginx.conf", "server {\n"),
    ("main.cf", "smtp_sasl_password_maps = static:"),
    ("a.service", "[Service]\nEnvironment=A="),
    (".npmrc", ""),
    (".env.example", "A="),
    (".bashrc", "export A="),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn edits_stay_at_the_secret_whatever_the_text(
        before in proptest::collection::vec(0..TRICKY.len(), 0..10),
        after in proptest::collection::vec(0..TRICKY.len(), 0..10),
        path in 0..PATHS.len(),
    ) {
        let text_of = |pieces: Vec<usize>| pieces.into_iter().map(|i| TRICKY[i]).collect::<String>();
        let (before, after) = (text_of(before), text_of(after));
        let text = format!("{before}{}{after}", key());
        let remedy = remedy_of(PATHS[path], &text);
        let fixed = mended_by(&remedy, &text);
        // The secret goes, or all stays: nothing is left to do a second time.
        prop_assert_eq!(fixed.contains(&key()), remedy.edits.is_empty());
        // Besides the secret only quotes, their prefix, or a default's operator are taken out.
        for edit in &remedy.edits {
            let taken = text[edit.span.clone()].replace(&key(), "");
            prop_assert!(taken.len() <= 16, "{:?}", taken);
            prop_assert!(taken.bytes().all(|b| !b.is_ascii_alphanumeric() || b"bBfFrRuU".contains(&b)), "{:?}", taken);
        }
        // An edit that takes nothing out is the import, a key's end, or stands at the string's ends.
        let inserted: Vec<_> = remedy.edits.iter().filter(|edit| edit.span.is_empty()).collect();
        prop_assert!(inserted.len() <= 3);
    }

    #[test]
    fn what_stands_round_an_emptied_value_stays_whatever_it_is(
        before in proptest::collection::vec(0..TRICKY.len(), 0..8),
        after in proptest::collection::vec(0..TRICKY.len(), 0..8),
        file in 0..EMPTIED.len(),
    ) {
        let text_of = |pieces: Vec<usize>| pieces.into_iter().map(|i| TRICKY[i]).collect::<String>();
        let (path, head) = EMPTIED[file];
        let text = format!("{head}{}{}{}", text_of(before), key(), text_of(after));
        let remedy = remedy_of(path, &text);
        let fixed = mended_by(&remedy, &text);
        prop_assert_eq!(fixed.contains(&key()), remedy.edits.is_empty());
        // At most the entry that holds it goes, on its line or with its parent's end.
        let at = text.find(&key()).expect("it is there");
        for edit in remedy.edits.iter().filter(|edit| !edit.span.is_empty()) {
            let lines = |span: std::ops::Range<usize>| text[span].matches('\n').count();
            // A quote that changes with the one in front of it stands on the same line.
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            prop_assert!(edit.span.start <= end);
            prop_assert!(lines(edit.span.start..at.max(edit.span.start)) <= 1);
            prop_assert!(lines(edit.span.clone()) <= 2);
        }
    }
}
