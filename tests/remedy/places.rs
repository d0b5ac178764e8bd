//! Places in a program that take no expression as they are, or that read the variable already.

use super::{becomes, key, remedy_of, stays};

#[test]
fn a_default_goes_where_the_variable_is_read_already() {
    becomes(
        "a.js",
        &[
            ("const { MAIL_KEY = 'KEY!' } = process.env;\n", "const { MAIL_KEY } = process.env;\n"),
            ("const { k = 'KEY!' } = options;\n", "const { k = process.env.SENDGRID_API_KEY } = options;\n"),
        ],
    );
    stays("a.js", &["const { PORT, MAIL_KEY: k = 'KEY!' } = process.env\n"]);
    becomes("a.rb", &[("k = ENV.fetch('MAIL_KEY') { 'KEY!' }\n", "k = ENV.fetch('MAIL_KEY')\n")]);
    becomes(
        "a.rs",
        &[
            (
                "fn f() -> String {\n    std::env::var(\"MAIL_KEY\").unwrap_or(\"KEY!\".to_string())\n}\n",
                "fn f() -> String {\n    std::env::var(\"MAIL_KEY\").expect(\"it is set in the environment\")\n}\n",
            ),
            (
                "fn f() -> String {\n    env::var(\"MAIL_KEY\").unwrap_or_else(|_| \"KEY!\".into())\n}\n",
                "fn f() -> String {\n    env::var(\"MAIL_KEY\").expect(\"it is set in the environment\")\n}\n",
            ),
        ],
    );
    becomes(
        "A.java",
        &[
            (
                "class A { String k = System.getenv().getOrDefault(\"MAIL_KEY\", \"KEY!\"); }\n",
                "class A { String k = System.getenv(\"MAIL_KEY\"); }\n",
            ),
            (
                "class A { String k = Optional.ofNullable(System.getenv(\"MAIL_KEY\")).orElse(\"KEY!\"); }\n",
                "class A { String k = Optional.ofNullable(System.getenv(\"MAIL_KEY\")).orElseThrow(); }\n",
            ),
        ],
    );
    becomes("a.scala", &[("val k = sys.env.getOrElse(\"MAIL_KEY\", \"KEY!\")\n", "val k = sys.env(\"MAIL_KEY\")\n")]);
    becomes("a.ex", &[("k = System.get_env(\"MAIL_KEY\") || \"KEY!\"\n", "k = System.get_env(\"MAIL_KEY\")\n")]);
}

#[test]
fn what_sets_the_variable_itself_stays() {
    stays("a.py", &["import os\nos.environ['MAIL_KEY'] = 'KEY!'\n", "os.environ.setdefault(\"MAIL_KEY\", \"KEY!\")\n"]);
    stays("a.rb", &["ENV['MAIL_KEY'] = 'KEY!'\n"]);
    stays("a.go", &["package a\n\nfunc f() { os.Setenv(\"MAIL_KEY\", \"KEY!\") }\n"]);
    stays("a.php", &["<?php\nputenv('MAIL_KEY=KEY!');\n"]);
    stays("a.R", &["Sys.setenv(MAIL_KEY = \"KEY!\")\n"]);
    stays("a.ex", &["System.put_env(\"MAIL_KEY\", \"KEY!\")\n"]);
    stays("a.pl", &["$ENV{MAIL_KEY} = 'KEY!';\n"]);
    stays("Makefile", &["MAIL_KEY = KEY!\n", "export MAIL_KEY=KEY!\n"]);
}

#[test]
fn a_comparison_is_no_label() {
    becomes(
        "a.py",
        &[
            (
                "import os\nif key != \"KEY!\":\n    stop()\n",
                "import os\nif key != os.environ[\"SENDGRID_API_KEY\"]:\n    stop()\n",
            ),
            ("import os\nf = lambda k='KEY!': k\n", "import os\nf = lambda k=os.environ['SENDGRID_API_KEY']: k\n"),
        ],
    );
    becomes(
        "a.go",
        &[(
            "package a\n\nimport \"os\"\n\nfunc f(k string) {\n\tif k == \"KEY!\" {\n\t}\n}\n",
            "package a\n\nimport \"os\"\n\nfunc f(k string) {\n\tif k == os.Getenv(\"SENDGRID_API_KEY\") {\n\t}\n}\n",
        )],
    );
    stays("a.py", &["import os\nd = {\"KEY!\": 1}\n"]);
    stays("a.rb", &["k = :\"KEY!\"\n"]);
    stays("a.cs", &["class A { bool F(string t) => t is \"KEY!\"; }\n"]);
}

#[test]
fn a_key_called_type_declares_none() {
    becomes(
        "a.ts",
        &[
            (
                "new DataSource({ type: 'postgres', password: 'KEY!' });\n",
                "new DataSource({ type: 'postgres', password: process.env.SENDGRID_API_KEY! });\n",
            ),
            ("const k = 'KEY!' as const;\n", "const k = process.env.SENDGRID_API_KEY!;\n"),
        ],
    );
    stays("a.ts", &["export type K = 'KEY!';\n", "declare const k: 'KEY!';\n", "export const enum E { K = 'KEY!' }\n"]);
}

#[test]
fn strings_over_several_lines_take_the_expression_in_a_hole() {
    becomes(
        "a.py",
        &[
            (
                "import os\nq = \"\"\"\nkey: KEY!\n\"\"\"\n",
                "import os\nq = f\"\"\"\nkey: {os.environ['SENDGRID_API_KEY']}\n\"\"\"\n",
            ),
            (
                "import os\nrun(\n    '''\n    key: KEY!\n    ''')\n",
                "import os\nrun(\n    f'''\n    key: {os.environ[\"SENDGRID_API_KEY\"]}\n    ''')\n",
            ),
        ],
    );
    becomes(
        "a.scala",
        &[("val q = \"\"\"key\nKEY!\"\"\"\n", "val q = \"\"\"key\n\"\"\" + sys.env(\"SENDGRID_API_KEY\")\n")],
    );
    becomes(
        "a.ex",
        &[("q = \"\"\"\nkey: KEY!\n\"\"\"\n", "q = \"\"\"\nkey: #{System.fetch_env!(\"SENDGRID_API_KEY\")}\n\"\"\"\n")],
    );
    becomes(
        "a.swift",
        &[(
            "import Foundation\nlet q = \"\"\"\n  key: KEY!\n  \"\"\"\n",
            "import Foundation\nlet q = \"\"\"\n  key: \\(ProcessInfo.processInfo.environment[\"SENDGRID_API_KEY\"]!)\n  \"\"\"\n",
        )],
    );
    becomes(
        "a.dart",
        &[(
            "import 'dart:io';\nvar q = '''\nkey: KEY!\n''';\n",
            "import 'dart:io';\nvar q = '''\nkey: ${Platform.environment[\"SENDGRID_API_KEY\"]!}\n''';\n",
        )],
    );
}

#[test]
fn an_option_may_be_given_without_the_variable() {
    becomes(
        "a.py",
        &[(
            "import os\np.add_argument('--key', default='KEY!')\n",
            "import os\np.add_argument('--key', default=os.environ.get('SENDGRID_API_KEY'))\n",
        )],
    );
}

#[test]
fn spring_fills_in_what_an_annotation_names() {
    becomes("A.java", &[("@Value(\"KEY!\")\nString k;\n", "@Value(\"${SENDGRID_API_KEY}\")\nString k;\n")]);
    becomes("A.kt", &[("@Value(\"KEY!\")\nval k: String\n", "@Value(\"\\${SENDGRID_API_KEY}\")\nval k: String\n")]);
}

#[test]
fn make_jenkins_terraform_and_workflows_name_it_in_their_way() {
    becomes(
        "Makefile",
        &[
            ("KEY = KEY!\n", "KEY = $(SENDGRID_API_KEY)\n"),
            ("a:\n\tsend -k 'KEY!'\n", "a:\n\tsend -k '$(SENDGRID_API_KEY)'\n"),
        ],
    );
    becomes(
        "Jenkinsfile",
        &[(
            "pipeline {\n  environment {\n    K = 'KEY!'\n  }\n}\n",
            "pipeline {\n  environment {\n    K = credentials('sendgrid-api-key')\n  }\n}\n",
        )],
    );
    stays("Jenkinsfile", &["node {\n  sh 'send KEY!'\n}\n", "node {\n  k = 'KEY!'\n}\n"]);
    let text = format!("variable \"mail_key\" {{\n  type    = string\n  default = \"{}\"\n}}\n", key());
    let remedy = remedy_of("main.tf", &text);
    assert_eq!(remedy.variable, "MAIL_KEY");
    assert_eq!(super::mended_by(&remedy, &text), "variable \"mail_key\" {\n  type    = string\n}\n");
    becomes(
        ".github/workflows/ci.yml",
        &[("env:\n  GITHUB_TOKEN_X: KEY!\n", "env:\n  GITHUB_TOKEN_X: ${{ secrets.GH_TOKEN_X }}\n")],
    );
    let sql = remedy_of("a.sql", &format!("INSERT INTO k VALUES ('{}');\n", key()));
    assert!(sql.next.contains("leave it out of the script"), "{}", sql.next);
}
