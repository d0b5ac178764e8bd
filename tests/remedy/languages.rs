//! What takes the place of a secret in scripts, and in Go.

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
    stays("a.rb", &["k = %w[KEY! a]\n", "=begin\nk = 'KEY!'\n=end\n", "h = 'a\"KEY!'\n"]);
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
