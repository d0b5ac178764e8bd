//! What takes the place of a secret in programs, language by language.

use crate::{becomes, stays};

#[test]
fn python_reads_os_environ() {
    becomes(
        "app/mail.py",
        &[
            ("key = \"KEY!\"\n", "import os\n\nkey = os.environ[\"SENDGRID_API_KEY\"]\n"),
            ("import os\nsend('KEY!', 1)\n", "import os\nsend(os.environ['SENDGRID_API_KEY'], 1)\n"),
            (
                "import os, re\nx = {'k': b'KEY!'}\n",
                "import os, re\nx = {'k': os.environ['SENDGRID_API_KEY'].encode()}\n",
            ),
            ("import os\nh = \"Bearer KEY!\"\n", "import os\nh = f\"Bearer {os.environ['SENDGRID_API_KEY']}\"\n"),
            (
                "import os\nh = f'Bearer KEY! {x}'\n",
                "import os\nh = f'Bearer {os.environ[\"SENDGRID_API_KEY\"]} {x}'\n",
            ),
            (
                "import os\nh = ('Bearer '\n     'KEY!')\n",
                "import os\nh = ('Bearer '\n     f'{os.environ[\"SENDGRID_API_KEY\"]}')\n",
            ),
            (
                "import os\nEMAIL_HOST_PASSWORD = 'KEY!'  # old\n",
                "import os\nEMAIL_HOST_PASSWORD = os.environ['EMAIL_HOST_PASSWORD']  # old\n",
            ),
            (
                "import os\nk = os.environ.get('SENDGRID_API_KEY', 'KEY!')\n",
                "import os\nk = os.environ.get('SENDGRID_API_KEY')\n",
            ),
            ("import os\nk = os.getenv(\"SG_KEY\") or \"KEY!\"\n", "import os\nk = os.getenv(\"SG_KEY\")\n"),
            (
                "\"\"\"Sends\nmail.\"\"\"\nfrom __future__ import annotations\nimport re\nk = 'KEY!'\n",
                "\"\"\"Sends\nmail.\"\"\"\nfrom __future__ import annotations\nimport os\nimport re\nk = os.environ['SENDGRID_API_KEY']\n",
            ),
            (
                "#!/usr/bin/env python3\n# Sends.\n\"\"\"Sends\nmail.\"\"\"\nk = 'KEY!'\r\n",
                "#!/usr/bin/env python3\n# Sends.\n\"\"\"Sends\nmail.\"\"\"\n\nimport os\nk = os.environ['SENDGRID_API_KEY']\r\n",
            ),
            (
                "from a import (\n    b,\n)\r\nk = 'KEY!'\r\n",
                "import os\nfrom a import (\n    b,\n)\r\nk = os.environ['SENDGRID_API_KEY']\r\n",
            ),
        ],
    );
    stays(
        "app/mail.py",
        &[
            "# key = \"KEY!\"\n",
            "'''Doc'''; print('KEY!')\n",
            "\"\"\"Use KEY! here.\"\"\"\n",
            "h = 'Bearer KEY! {}'.format(x)\n",
            "h = f\"Bearer {{x}} {f('KEY!')}\"\n",
            "h = 'Bearer KEY!' % x\n",
            "h = b'Bearer KEY!'\n",
            "d = {'KEY!': 1}\n",
            "key = KEY!\n",
            "def f():\n    '''Uses KEY!.'''\n",
            "'''\nkey = KEY!\n'''\nx = 1\n",
            "x = '''\n{key = KEY!}\n'''\n",
        ],
    );
}

#[test]
fn scripts_read_process_env() {
    becomes(
        "src/mail.js",
        &[
            ("const key = 'KEY!';\n", "const key = process.env.SENDGRID_API_KEY;\n"),
            ("sg.setApiKey(\"KEY!\")\n", "sg.setApiKey(process.env.SENDGRID_API_KEY)\n"),
            ("const h = 'Bearer KEY!'\n", "const h = `Bearer ${process.env.SENDGRID_API_KEY}`\n"),
            ("const h = `Bearer KEY! ${x}`\n", "const h = `Bearer ${process.env.SENDGRID_API_KEY} ${x}`\n"),
            ("a = `x ${f(\"KEY!\")} y`\n", "a = `x ${f(process.env.SENDGRID_API_KEY)} y`\n"),
            ("function f(){return\"KEY!\"}\n", "function f(){return process.env.SENDGRID_API_KEY}\n"),
            ("const k = process.env.SG_KEY || 'KEY!';\n", "const k = process.env.SG_KEY;\n"),
            (
                "const r = /[\"'/]/.test(x), k = 'KEY!';\n",
                "const r = /[\"'/]/.test(x), k = process.env.SENDGRID_API_KEY;\n",
            ),
            (
                "m({ auth: { user: 'apikey', pass: 'KEY!' } });\n",
                "m({ auth: { user: 'apikey', pass: process.env.SENDGRID_API_KEY } });\n",
            ),
        ],
    );
    becomes(
        "src/mail.ts",
        &[
            ("const key: string = 'KEY!';\n", "const key: string = process.env.SENDGRID_API_KEY!;\n"),
            ("const key = process.env.SG_KEY ?? 'KEY!';\n", "const key = process.env.SG_KEY!;\n"),
        ],
    );
    becomes(
        "supabase/functions/mail/index.ts",
        &[("const h = \"Bearer KEY!\";\n", "const h = `Bearer ${Deno.env.get('SENDGRID_API_KEY')!}`;\n")],
    );
    becomes(
        "Code.gs",
        &[("var k = 'KEY!';\n", "var k = PropertiesService.getScriptProperties().getProperty('SENDGRID_API_KEY');\n")],
    );
    stays(
        "src/mail.ts",
        &[
            "// 'KEY!'\n",
            "/* const a = 'KEY!' */\n",
            "const t = <Mail key=\"KEY!\" />;\n",
            "const o = { 'KEY!': 1 };\n",
            "type K = 'KEY!';\n",
            "enum K { A = 'KEY!' }\n",
            "import x from 'https://a:KEY!@b/c';\n",
            "const s = raw`KEY!`;\n",
            "const h = 'a ` KEY!';\n",
            "const r = /KEY!/;\n",
        ],
    );
    stays("src/form.js", &["document.x = 'KEY!';\n"]);
    stays("src/Form.vue", &["<script>\nconst k = 'KEY!'\n</script>\n"]);
}

#[test]
fn ruby_and_php_read_the_environment() {
    becomes(
        "config/initializers/mail.rb",
        &[
            ("key = 'KEY!'\n", "key = ENV.fetch('SENDGRID_API_KEY')\n"),
            ("  :password => \"KEY!\",\n", "  :password => ENV.fetch(\"SENDGRID_API_KEY\"),\n"),
            ("h = \"Bearer KEY! #{x}\"\n", "h = \"Bearer #{ENV.fetch('SENDGRID_API_KEY')} #{x}\"\n"),
            ("h = 'Bearer KEY!'\n", "h = \"Bearer #{ENV.fetch('SENDGRID_API_KEY')}\"\n"),
            ("k = ENV[\"SG_KEY\"] || \"KEY!\"\n", "k = ENV[\"SG_KEY\"]\n"),
            ("k = ENV.fetch('SG_KEY', 'KEY!')\n", "k = ENV.fetch('SG_KEY')\n"),
        ],
    );
    stays(
        "a.rb",
        &["x = <<~EOS\n  key = 'KEY!'\nEOS\n", "k = %w[KEY! a]\n", "=begin\nk = 'KEY!'\n=end\n", "h = 'a\"KEY!'\n"],
    );
    becomes(
        "send.php",
        &[
            ("<?php\n$k = 'KEY!';\n", "<?php\n$k = getenv('SENDGRID_API_KEY');\n"),
            ("<?php\ndefine('SMTP_PASS', 'KEY!');\n", "<?php\ndefine('SMTP_PASS', getenv('SMTP_PASS'));\n"),
            ("<?php\n$h = \"Bearer KEY!\";\n", "<?php\n$h = \"Bearer \" . getenv(\"SENDGRID_API_KEY\");\n"),
            ("<?php\n$h = 'a KEY! b';\n", "<?php\n$h = 'a ' . getenv('SENDGRID_API_KEY') . ' b';\n"),
            ("<?php\n$k = getenv('SG_KEY') ?: 'KEY!';\n", "<?php\n$k = getenv('SG_KEY');\n"),
            ("<?php\nf(['password' => 'KEY!']);\n", "<?php\nf(['password' => getenv('SENDGRID_API_KEY')]);\n"),
        ],
    );
    becomes(
        "config/services.php",
        &[("<?php\nreturn ['k' => 'KEY!'];\n", "<?php\nreturn ['k' => env('SENDGRID_API_KEY')];\n")],
    );
    stays(
        "mail.php",
        &[
            "<p>'KEY!'</p>\n<?php\n$a = 1;\n",
            "<?php\nclass A {\n  private $k = 'KEY!';\n}\n",
            "<?php\nclass A {\n  public array $c = [\n    'k' => 'KEY!',\n  ];\n}\n",
            "<?php\nconst K = 'KEY!';\n",
            "<?php\nfunction f($k = 'KEY!') {}\n",
            "<?php\n# $k = 'KEY!';\n",
        ],
    );
}

#[test]
fn go_reads_os_getenv_and_imports_os() {
    becomes(
        "main.go",
        &[
            (
                "package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n\n\t\"x.org/y\"\n)\n\nfunc f() { g(\"KEY!\") }\n",
                "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"strings\"\n\n\t\"x.org/y\"\n)\n\nfunc f() { g(os.Getenv(\"SENDGRID_API_KEY\")) }\n",
            ),
            (
                "package main\n\nimport (\n\t\"x.org/y\"\n)\n\nvar k = \"KEY!\"\n",
                "package main\n\nimport (\n\t\"os\"\n\n\t\"x.org/y\"\n)\n\nvar k = os.Getenv(\"SENDGRID_API_KEY\")\n",
            ),
            (
                "package main\n\nimport \"fmt\"\n\nfunc f() {\n\tk := \"Bearer KEY!\"\n}\n",
                "package main\n\nimport \"fmt\"\nimport \"os\"\n\nfunc f() {\n\tk := \"Bearer \" + os.Getenv(\"SENDGRID_API_KEY\")\n}\n",
            ),
            (
                "package a\n\nvar k = `KEY!`\n",
                "package a\n\nimport \"os\"\n\nvar k = os.Getenv(\"SENDGRID_API_KEY\")\n",
            ),
            (
                "package a\n\nimport \"os\"\n\nvar k = []byte(\"a:KEY!:b\")\n",
                "package a\n\nimport \"os\"\n\nvar k = []byte(\"a:\" + os.Getenv(\"SENDGRID_API_KEY\") + \":b\")\n",
            ),
        ],
    );
    stays(
        "main.go",
        &[
            "package a\n\nconst k = \"KEY!\"\n",
            "package a\n\nconst (\n\ta = 1\n\tk = \"KEY!\"\n)\n",
            "package a\n\n// \"KEY!\"\n",
        ],
    );
}

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
    stays(
        "A.java",
        &[
            "@Named(\"KEY!\")\nString k;\n",
            "switch (x) { case \"KEY!\": }\n",
            "/** \"KEY!\" */\n",
            "x = \"\"\"\n  KEY!\n  \"\"\";\n",
        ],
    );
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
    stays("a.pl", &["print <<EOT;\n'KEY!'\nEOT\n", "__END__\n'KEY!'\n"]);
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
