//! What takes the place of a secret in languages that are compiled, and in those that few write.

use crate::{becomes, stays};

#[test]
fn the_jvm_reads_getenv() {
    becomes(
        "A.java",
        &[
            ("class A { String k = \"KEY!\"; }\n", "class A { String k = System.getenv(\"SENDGRID_API_KEY\"); }\n"),
            ("x = \"Bearer KEY!\".trim();\n", "x = (\"Bearer \" + System.getenv(\"SENDGRID_API_KEY\")).trim();\n"),
            ("x = f(\"KEY! b\".trim());\n", "x = f((System.getenv(\"SENDGRID_API_KEY\") + \" b\").trim());\n"),
            ("char c = '\"'; f(\"KEY!\");\n", "char c = '\"'; f(System.getenv(\"SENDGRID_API_KEY\"));\n"),
        ],
    );
    stays("A.java", &["@Named(\"KEY!\")\nString k;\n", "switch (x) { case \"KEY!\": }\n", "/** \"KEY!\" */\n"]);
    becomes(
        "a.kt",
        &[
            ("val k = \"KEY!\"\n", "val k = System.getenv(\"SENDGRID_API_KEY\")\n"),
            ("val k = \"Bearer KEY!\"\n", "val k = \"Bearer ${System.getenv(\"SENDGRID_API_KEY\")}\"\n"),
            ("val k = System.getenv(\"SG_KEY\") ?: \"KEY!\"\n", "val k = System.getenv(\"SG_KEY\")\n"),
        ],
    );
    stays("a.kt", &["const val K = \"KEY!\"\n", "@Named(\"KEY!\")\nclass A\n"]);
    becomes(
        "a.scala",
        &[("val k = s\"a $x KEY! b\"\n", "val k = s\"a $x \" + sys.env(\"SENDGRID_API_KEY\") + s\" b\"\n")],
    );
    becomes("build.gradle", &[("password 'KEY!'\n", "password System.getenv('SENDGRID_API_KEY')\n")]);
    becomes(
        "core.clj",
        &[
            ("(def k \"KEY!\")\n", "(def k (System/getenv \"SENDGRID_API_KEY\"))\n"),
            ("(h \"Bearer KEY!\")\n", "(h (str \"Bearer \" (System/getenv \"SENDGRID_API_KEY\")))\n"),
        ],
    );
    stays("core.clj", &["(def k '(\"KEY!\"))\n", "; \"KEY!\"\n"]);
}

#[test]
fn dotnet_reads_environment_variables() {
    becomes(
        "A.cs",
        &[
            (
                "using System;\nvar k = \"KEY!\";\n",
                "using System;\nvar k = Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\");\n",
            ),
            ("var k = @\"KEY!\";\n", "var k = System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\");\n"),
            (
                "var k = $\"a KEY! {b}\";\n",
                "var k = $\"a \" + System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\") + $\" {b}\";\n",
            ),
            (
                "var c = new Client(apiKey: \"KEY!\");\n",
                "var c = new Client(apiKey: System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\"));\n",
            ),
        ],
    );
    stays(
        "A.cs",
        &["const string K = \"KEY!\";\n", "[Key(\"KEY!\")]\nclass A {}\n", "void F(string k = \"KEY!\") {}\n"],
    );
    becomes(
        "a.vb",
        &[(
            "Dim k = \"a KEY!\"\n",
            "Dim k = \"a \" & System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\")\n",
        )],
    );
    stays("a.vb", &["Const K = \"KEY!\"\n", "' \"KEY!\"\n"]);
    becomes(
        "a.fs",
        &[
            ("let k = \"KEY!\"\n", "let k = System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\")\n"),
            ("send \"KEY!\" x\n", "send (System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\")) x\n"),
        ],
    );
    stays("a.fs", &["[<Literal>]\nlet K = \"KEY!\"\n"]);
}

#[test]
fn rust_borrows_what_the_environment_gives() {
    let read = "std::env::var(\"SENDGRID_API_KEY\").expect(\"SENDGRID_API_KEY is set\")";
    becomes(
        "src/mail.rs",
        &[
            ("fn f() {\n    let k = \"KEY!\";\n}\n", &format!("fn f() {{\n    let k = &{read};\n}}\n")),
            (
                "fn f() {\n    let k = \"KEY!\".to_string();\n}\n",
                &format!("fn f() {{\n    let k = {read}.to_string();\n}}\n"),
            ),
            ("fn f<'a>() {\n    g(1, \"KEY!\");\n}\n", &format!("fn f<'a>() {{\n    g(1, &{read});\n}}\n")),
            (
                "fn f() -> Result<(), Box<dyn Error>> {\n    g(\"KEY!\")\n}\n",
                "fn f() -> Result<(), Box<dyn Error>> {\n    g(&std::env::var(\"SENDGRID_API_KEY\")?)\n}\n",
            ),
        ],
    );
    stays(
        "src/mail.rs",
        &[
            "const K: &str = \"KEY!\";\n",
            "static K: [&str; 1] = [\"KEY!\"];\n",
            "fn f() { println!(\"KEY!\"); }\n",
            "fn f() -> &'static str { \"KEY!\" }\n",
            "fn f() { let k = b\"KEY!\"; }\n",
            "#[doc = \"KEY!\"]\nfn f() {}\n",
            "fn f() { let k = (\"a\", \"KEY!\"); }\n",
            "fn f() { let k = \"Bearer {} KEY!\"; }\n",
            "fn f() { let k = S { a: \"Bearer KEY!\" }; }\n",
        ],
    );
}

#[test]
fn other_languages_read_it_their_own_way() {
    becomes("a.exs", &[("k = \"a KEY!\"\n", "k = \"a #{System.fetch_env!(\"SENDGRID_API_KEY\")}\"\n")]);
    stays("a.ex", &["  @key \"KEY!\"\n", "k = 'KEY!'\n"]);
    becomes("a.erl", &[("f() -> g(\"KEY!\").\n", "f() -> g(os:getenv(\"SENDGRID_API_KEY\")).\n")]);
    stays("a.erl", &["f() -> <<\"KEY!\">>.\n", "f(\"KEY!\") -> ok.\n"]);
    becomes(
        "a.swift",
        &[(
            "import Foundation\nlet k = \"Bearer KEY!\"\n",
            "import Foundation\nlet k = \"Bearer \\(ProcessInfo.processInfo.environment[\"SENDGRID_API_KEY\"]!)\"\n",
        )],
    );
    becomes(
        "a.m",
        &[(
            "void f() { g(@\"KEY!\"); }\n",
            "void f() { g(NSProcessInfo.processInfo.environment[@\"SENDGRID_API_KEY\"]); }\n",
        )],
    );
    stays("a.m", &["static NSString *k = @\"KEY!\";\n"]);
    becomes(
        "a.dart",
        &[
            ("final k = 'KEY!';\n", "import 'dart:io';\n\nfinal k = Platform.environment['SENDGRID_API_KEY']!;\n"),
            (
                "import 'dart:io';\nfinal k = 'Bearer KEY!';\n",
                "import 'dart:io';\nfinal k = 'Bearer ${Platform.environment[\"SENDGRID_API_KEY\"]!}';\n",
            ),
        ],
    );
    stays(
        "a.dart",
        &[
            "const k = 'KEY!';\n",
            "f({String k = 'KEY!'}) {}\n",
            "import 'package:flutter/x.dart';\nfinal k = 'KEY!';\n",
        ],
    );
    becomes(
        "a.pl",
        &[
            ("my $k = \"a KEY! b\";\n", "my $k = \"a \" . $ENV{SENDGRID_API_KEY} . \" b\";\n"),
            ("f('KEY!');\n", "f($ENV{SENDGRID_API_KEY});\n"),
        ],
    );
    stays("a.pl", &["__END__\n'KEY!'\n"]);
    becomes(
        "a.lua",
        &[
            ("local k = 'KEY!'\n", "local k = os.getenv('SENDGRID_API_KEY')\n"),
            ("send 'KEY!'\n", "send (os.getenv('SENDGRID_API_KEY'))\n"),
            ("local k = \"a KEY!\"\n", "local k = \"a \" .. os.getenv(\"SENDGRID_API_KEY\")\n"),
        ],
    );
    stays("a.lua", &["--[[\n'KEY!'\n]]\n", "-- 'KEY!'\n"]);
    becomes(
        "a.R",
        &[
            ("k <- \"KEY!\"\n", "k <- Sys.getenv(\"SENDGRID_API_KEY\")\n"),
            ("f('a KEY! b')\n", "f(paste0('a ', Sys.getenv('SENDGRID_API_KEY'), ' b'))\n"),
        ],
    );
    becomes(
        "a.cpp",
        &[(
            "#include <string>\nstd::string k = \"KEY!\";\n",
            "#include <cstdlib>\n#include <string>\nstd::string k = std::getenv(\"SENDGRID_API_KEY\");\n",
        )],
    );
    becomes(
        "a.c",
        &[(
            "#include <stdio.h>\nint main(void) {\n  puts(\"KEY!\");\n}\n",
            "#include <stdlib.h>\n#include <stdio.h>\nint main(void) {\n  puts(getenv(\"SENDGRID_API_KEY\"));\n}\n",
        )],
    );
    stays(
        "a.c",
        &[
            "const char *k = \"KEY!\";\n",
            "int f() { char k[] = \"KEY!\"; }\n",
            "#define K \"KEY!\"\n",
            "int f() { printf(\"KEY!\"); }\n",
            "int f() { g(\"a\" \"KEY!\"); }\n",
        ],
    );
    stays("a.hs", &["key = \"KEY!\"\n"]);
    stays("a.ino", &["const char* k = \"KEY!\";\n"]);
}
