//! What takes the place of a secret in texts of several lines: heredocs, text blocks, raw strings.

use crate::{becomes, key, remedy_of, stays};

#[test]
fn heredocs_of_ruby_and_perl_read_the_environment() {
    becomes(
        "mail.rb",
        &[
            ("x = <<~EOS\n  key: KEY!\nEOS\n", "x = <<~EOS\n  key: #{ENV.fetch(\"SENDGRID_API_KEY\")}\nEOS\n"),
            (
                "f(<<-\"A\", <<~'B')\n  #{b} KEY!\n  A\n  c\nB\n",
                "f(<<-\"A\", <<~'B')\n  #{b} #{ENV.fetch(\"SENDGRID_API_KEY\")}\n  A\n  c\nB\n",
            ),
            (
                "f(<<~A, <<~B)\n  a\nA\n  KEY!\nB\ny = 'KEY!'\n",
                "f(<<~A, <<~B)\n  a\nA\n  #{ENV.fetch(\"SENDGRID_API_KEY\")}\nB\ny = 'KEY!'\n",
            ),
        ],
    );
    stays(
        "mail.rb",
        &[
            "x = <<~'EOS'\n  key: KEY!\nEOS\n",
            "x = <<~`EOS`\n  curl KEY!\nEOS\n",
            "x = <<~EOS\n  #{f(\"KEY!\n\")}\nEOS\n",
            "x = <<~EOS\n  \\KEY!\nEOS\n",
            "x = <<~EOS\n  key: KEY!\n",
            "ENV['SENDGRID_API_KEY'] = <<~EOS\n  KEY!\nEOS\n",
        ],
    );
    becomes(
        "mail.pl",
        &[
            ("my $x = <<\"EOT\";\nkey: KEY!\nEOT\n", "my $x = <<\"EOT\";\nkey: $ENV{SENDGRID_API_KEY}\nEOT\n"),
            ("print <<EOT;\nkey: KEY!\nEOT\n", "print <<EOT;\nkey: $ENV{SENDGRID_API_KEY}\nEOT\n"),
        ],
    );
    stays("mail.pl", &["my $x = <<'EOT';\nkey: KEY!\nEOT\n", "print <<EOT;\nkey: KEY![0]\nEOT\n"]);
}

#[test]
fn what_takes_no_expression_is_told_how_to_be_written() {
    for (path, sample, words) in [
        ("mail.php", "<?php\n$x = <<<EOT\nkey: KEY!\nEOT;\n", "{$secret}"),
        ("mail.php", "<?php\n$x = <<<'EOT'\nkey: KEY!\nEOT;\n", "take the quotes off"),
        ("mail.rb", "x = <<~'EOS'\n  key: KEY!\nEOS\n", "#{ENV.fetch(\"SENDGRID_API_KEY\")}"),
    ] {
        let remedy = remedy_of(path, &sample.replace("KEY!", &key()));
        assert!(remedy.edits.is_empty() && remedy.next.contains(words), "{path}: {}", remedy.next);
    }
}

#[test]
fn text_blocks_of_java_are_formatted() {
    becomes(
        "A.java",
        &[
            (
                "class A { String x = \"\"\"\n    key: KEY!\n    \"\"\"; }\n",
                "class A { String x = \"\"\"\n    key: %s\n    \"\"\".formatted(System.getenv(\"SENDGRID_API_KEY\")); }\n",
            ),
            (
                "class A { String x = f(\"\"\"\n    key: KEY!\n    \"\"\".strip(), 1); }\n",
                "class A { String x = f(\"\"\"\n    key: %s\n    \"\"\".formatted(System.getenv(\"SENDGRID_API_KEY\")).strip(), 1); }\n",
            ),
        ],
    );
    stays(
        "A.java",
        &[
            "class A { String x = \"\"\"\n    50%\n    KEY!\n    \"\"\"; }\n",
            "class A { String x = String.format(\"\"\"\n    KEY!\n    \"\"\", 1); }\n",
            "class A { String x = \"\"\"\n    KEY!\n    \"\"\".formatted(1); }\n",
            "class A { @F(\"\"\"\n    KEY!\n    \"\"\") int x; }\n",
        ],
    );
}

#[test]
fn raw_strings_of_csharp_get_as_many_dollars_as_they_need() {
    const READ: &str = "System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\")";
    let samples = [
        (
            "class A { string x = \"\"\"\n    key: KEY!\n    \"\"\"; }\n",
            "class A { string x = $\"\"\"\n    key: {READ}\n    \"\"\"; }\n",
        ),
        (
            "class A { string x = \"\"\"{\"a\": {\"key\": \"KEY!\"}}\"\"\"; }\n",
            "class A { string x = $$$\"\"\"{\"a\": {\"key\": \"{{{READ}}}\"}}\"\"\"; }\n",
        ),
        (
            "class A { string x = $\"\"\"\n    {b} KEY!\n    \"\"\"; }\n",
            "class A { string x = $\"\"\"\n    {b} {READ}\n    \"\"\"; }\n",
        ),
        ("class A { string x = \"\"\"KEY!\"\"\"; }\n", "class A { string x = READ; }\n"),
    ];
    for (before, after) in samples {
        becomes("A.cs", &[(before, &after.replace("READ", READ))]);
    }
    stays(
        "A.cs",
        &[
            "class A { string x = \"\"\"{KEY!}\"\"\"; }\n",
            "class A { string x = \"\"\"\"a \"\"\" KEY!\"\"\"\"; }\n",
            "class A { string x = $$\"\"\"{b} KEY!\"\"\"; }\n",
            "class A { string x = $\"\"\"{f(\"KEY!\")}\"\"\"; }\n",
            "class A { const string x = \"\"\"a KEY!\"\"\"; }\n",
        ],
    );
}
