//! What takes the place of a secret in scripts, settings and what builds and deploys.

use crate::{becomes, key, remedy_of, stays};

#[test]
fn shells_expand_a_variable() {
    becomes(
        "deploy.sh",
        &[
            ("KEY=KEY!\n", "KEY=\"${SENDGRID_API_KEY:?}\"\n"),
            ("export MAIL_PASSWORD='KEY!'\n", "export MAIL_PASSWORD=\"${MAIL_PASSWORD:?}\"\n"),
            (
                "curl -H \"Authorization: Bearer KEY!\" x\n",
                "curl -H \"Authorization: Bearer ${SENDGRID_API_KEY:?}\" x\n",
            ),
            ("curl -H 'Authorization: Bearer KEY!' x\n", "curl -H \"Authorization: Bearer ${SENDGRID_API_KEY:?}\" x\n"),
            ("curl -u apikey:KEY! x\n", "curl -u apikey:\"${SENDGRID_API_KEY:?}\" x\n"),
            ("k=\"${SG_KEY:-KEY!}\"\n", "k=\"${SG_KEY:?}\"\n"),
            ("cat > x <<EOF\npassword KEY!\nEOF\n", "cat > x <<EOF\npassword ${SENDGRID_API_KEY:?}\nEOF\n"),
            ("x=\"$(f 'KEY!')\"\n", "x=\"$(f \"${SENDGRID_API_KEY:?}\")\"\n"),
        ],
    );
    stays("deploy.sh", &["# KEY!\n", "cat <<'EOF'\nKEY!\nEOF\n", "x=$'KEY!'\n", "echo don't\nx='KEY!'\n"]);
    becomes(
        "a.fish",
        &[
            ("set -x K KEY!\n", "set -x K \"$SENDGRID_API_KEY\"\n"),
            ("curl -H \"Bearer KEY!\"\n", "curl -H \"Bearer $SENDGRID_API_KEY\"\n"),
            ("echo \"KEY!s\" 'KEY!'\n", "echo \"$SENDGRID_API_KEY\"\"s\" 'KEY!'\n"),
            ("echo 'a KEY!'\n", "echo 'a '\"$SENDGRID_API_KEY\"''\n"),
        ],
    );
    becomes(
        "a.ps1",
        &[
            ("$k = \"KEY!\"\n", "$k = $env:SENDGRID_API_KEY\n"),
            ("Send -Key 'KEY!'\n", "Send -Key $env:SENDGRID_API_KEY\n"),
            ("$h = \"Bearer KEY!\"\n", "$h = \"Bearer ${env:SENDGRID_API_KEY}\"\n"),
            ("$h = 'Bearer KEY!'\n", "$h = \"Bearer ${env:SENDGRID_API_KEY}\"\n"),
        ],
    );
    stays("a.ps1", &["# 'KEY!'\n", "<#\n'KEY!'\n#>\n", "$h = '$x KEY!'\n"]);
    becomes("a.bat", &[("set MAIL=KEY!\r\n", "set MAIL=%SENDGRID_API_KEY%\r\n")]);
    stays("a.bat", &["set SENDGRID_API_KEY=KEY!\r\n", "REM KEY!\r\n"]);
}

#[test]
fn yaml_follows_its_dialect() {
    becomes(
        "docker-compose.yml",
        &[
            (
                "services:\n  a:\n    environment:\n      SENDGRID_API_KEY: KEY!\n",
                "services:\n  a:\n    environment:\n      SENDGRID_API_KEY: ${SENDGRID_API_KEY:?}\n",
            ),
            (
                "services:\n  a:\n    environment:\n      - \"MAIL_PASSWORD=KEY!\"\n",
                "services:\n  a:\n    environment:\n      - \"MAIL_PASSWORD=${MAIL_PASSWORD:?}\"\n",
            ),
            ("x: {k: KEY!}\n", "x: {k: '${SENDGRID_API_KEY:?}'}\n"),
            ("x: ${SG_KEY:-KEY!}\n", "x: ${SG_KEY:?}\n"),
        ],
    );
    becomes(
        ".github/workflows/ci.yml",
        &[
            ("env:\n  SENDGRID_API_KEY: KEY!\n", "env:\n  SENDGRID_API_KEY: ${{ secrets.SENDGRID_API_KEY }}\n"),
            (
                "    - run: |\n        curl -u 'apikey:KEY!' x\n",
                "    - run: |\n        curl -u 'apikey:${{ secrets.SENDGRID_API_KEY }}' x\n",
            ),
        ],
    );
    stays(".github/workflows/ci.yml", &["# KEY!\n", "name: KEY!\n"]);
    becomes(
        ".gitlab-ci.yml",
        &[
            ("variables:\n  MAIL: KEY!\n", "variables:\n  MAIL: $SENDGRID_API_KEY\n"),
            (
                "a:\n  script:\n    - curl -H \"Bearer KEY!\" x\n",
                "a:\n  script:\n    - curl -H \"Bearer $SENDGRID_API_KEY\" x\n",
            ),
        ],
    );
    becomes(".gitlab-ci.yml", &[("variables:\n  SENDGRID_API_KEY: KEY!\n", "variables: {}\n")]);
    stays(
        ".gitlab-ci.yml",
        &["variables:\n  - SENDGRID_API_KEY: KEY!\n", "a:\n  script:\n    - curl -H 'Bearer KEY!' x\n"],
    );
    becomes(
        "azure-pipelines.yml",
        &[("variables:\n  mailKey: 'KEY!'\n", "variables:\n  mailKey: '$(SENDGRID_API_KEY)'\n")],
    );
    becomes(".circleci/config.yml", &[("    - run: x --key KEY!\n", "    - run: x --key \"$SENDGRID_API_KEY\"\n")]);
    becomes(
        ".circleci/config.yml",
        &[
            ("a:\n    environment:\n      SENDGRID_API_KEY: KEY!\n", "a:\n    environment: {}\n"),
            ("a:\n    environment:\n      SENDGRID_API_KEY: KEY!\n      B: c\n", "a:\n    environment:\n      B: c\n"),
        ],
    );
    becomes(
        "group_vars/all.yml",
        &[
            ("k: KEY!\n", "k: \"{{ lookup('env', 'SENDGRID_API_KEY') }}\"\n"),
            ("k: \"KEY!\"\n", "k: \"{{ lookup('env', 'SENDGRID_API_KEY') }}\"\n"),
            ("k: 'KEY!'\n", "k: '{{ lookup(\"env\", \"SENDGRID_API_KEY\") }}'\n"),
        ],
    );
    becomes(
        "src/main/resources/application.yml",
        &[("spring:\n  mail:\n    password: KEY!\n", "spring:\n  mail:\n    password: ${SENDGRID_API_KEY}\n")],
    );
    becomes("config/packages/mailer.yaml", &[("a:\n  dsn: KEY!\n", "a:\n  dsn: '%env(SENDGRID_API_KEY)%'\n")]);
    becomes(
        "config/secrets.yml",
        &[("production:\n  key: KEY!\n", "production:\n  key: <%= ENV.fetch(\"SENDGRID_API_KEY\") %>\n")],
    );
    becomes(
        "alertmanager.yml",
        &[(
            "global:\n  smtp_auth_password: 'KEY!'\n",
            "global:\n  smtp_auth_password_file: /run/secrets/sendgrid_api_key\n",
        )],
    );
    becomes(
        "serverless.yml",
        &[("k: ${env:SG_KEY, 'KEY!'}\n", "k: ${env:SG_KEY}\n"), ("k: KEY!\n", "k: ${env:SENDGRID_API_KEY}\n")],
    );
    stays(".github/workflows/ci.yml", &["env:\n  K: ${{ secrets.K || 'KEY!' }}\n"]);
    stays("group_vars/all.yml", &["k: \"{{ lookup('env', 'K') | default('KEY!') }}\"\n"]);
    becomes(
        "k8s.yaml",
        &[(
            "apiVersion: v1\nkind: Pod\nenv:\n  - name: A\n    value: \"KEY!\" # old\n",
            "apiVersion: v1\nkind: Pod\nenv:\n  - name: A\n    valueFrom: {secretKeyRef: {name: sendgrid-api-key, key: SENDGRID_API_KEY}} # old\n",
        )],
    );
    stays(
        "k8s.yaml",
        &[
            "apiVersion: v1\nkind: Secret\nstringData:\n  value: KEY!\n",
            "apiVersion: v1\nkind: Pod\nenv:\n  - name: A\n    value: a KEY!\n",
        ],
    );
    becomes("values.yaml", &[("key: KEY!\n", "key: \"\"\n")]);
    stays("values.yaml", &["key: a KEY!\n", "- KEY!\n"]);
    stays("any.yml", &["key: KEY!\n"]);
}

#[test]
fn what_reads_the_variable_by_itself_gets_an_empty_value() {
    becomes(
        "appsettings.json",
        &[(
            "{\"SendGrid\": {\"ApiKey\": \"KEY!\", \"From\": \"a\"}}\n",
            "{\"SendGrid\": {\"ApiKey\": \"\", \"From\": \"a\"}}\n",
        )],
    );
    let text = "{\"a\": {\"b\": 1}, \"SendGrid\": {\"ApiKey\": \"KEY!\"}}".replace("KEY!", &key());
    assert_eq!(remedy_of("appsettings.json", &text).variable, "SendGrid__ApiKey");
    stays("appsettings.json", &["{\"Keys\": [\"KEY!\"]}\n", "{\"ConnectionStrings\": {\"A\": \"x=KEY!;\"}}\n"]);
    becomes(".env.example", &[("A=1\nSENDGRID_API_KEY='KEY!' # it\n", "A=1\nSENDGRID_API_KEY='' # it\n")]);
    becomes("prod.tfvars", &[("a = 1\nmail_key = \"KEY!\"\nb = 2\n", "a = 1\nb = 2\n")]);
    stays("prod.tfvars", &["keys = [\"KEY!\"]\n", "Mail_Key = \"KEY!\"\n", "url = \"a KEY!\"\n"]);
    stays(".env", &["SENDGRID_API_KEY=KEY!\n"]);
}

#[test]
fn an_image_is_built_with_a_mounted_secret_and_started_with_a_variable() {
    becomes(
        "Dockerfile",
        &[
            ("FROM a\nENV SENDGRID_API_KEY=KEY! B=1\n", "FROM a\nENV SENDGRID_API_KEY=\"\" B=1\n"),
            ("FROM a\nENV SENDGRID_API_KEY 'KEY!'\n", "FROM a\nENV SENDGRID_API_KEY=\"\"\n"),
            ("FROM a\n# It.\nARG KEY=\"KEY!\"\n", "FROM a\n# It.\nARG KEY\n"),
            (
                "FROM a\nRUN b && \\\n    curl -H \"Authorization: Bearer KEY!\" c\n",
                "FROM a\nRUN --mount=type=secret,id=SENDGRID_API_KEY b && \\\n    curl -H \"Authorization: Bearer $(cat /run/secrets/SENDGRID_API_KEY)\" c\n",
            ),
            ("FROM a\nCMD send --key KEY!\n", "FROM a\nCMD send --key \"${SENDGRID_API_KEY:?}\"\n"),
        ],
    );
    stays("Dockerfile", &["# KEY!\n", "CMD [\"send\", \"KEY!\"]\n", "RUN <<EOF\nsend KEY!\nEOF\n", "LABEL a=KEY!\n"]);
}

#[test]
fn servers_read_a_file_that_stands_outside() {
    becomes(
        "nginx.conf",
        &[(
            "http {\n  server {\n    location / {\n      proxy_set_header Authorization \"Bearer KEY!\";\n    }\n  }\n}\n",
            "http {\n  server {\n    location / {\n      include /run/secrets/sendgrid_api_key.conf;\n      proxy_set_header Authorization \"Bearer ${sendgrid_api_key}\";\n    }\n  }\n}\n",
        )],
    );
    stays("nginx.conf", &["http {\n  proxy_set_header A KEY!;\n}\n", "server {\n  # proxy_set_header A KEY!;\n}\n"]);
    becomes(
        "main.cf",
        &[(
            "smtp_sasl_password_maps = static:apikey:KEY!\n",
            "smtp_sasl_password_maps = texthash:/run/secrets/sasl_passwd\n",
        )],
    );
    becomes(
        "mail.service",
        &[(
            "[Service]\nEnvironment=\"SENDGRID_API_KEY=KEY!\"\nExecStart=/bin/a\n",
            "[Service]\nEnvironmentFile=/etc/%N.env\nExecStart=/bin/a\n",
        )],
    );
    stays("mail.service", &["[Service]\nExecStart=/bin/a KEY!\n", "[Service]\nEnvironment=A=1 B=KEY!\n"]);
}

#[test]
fn settings_whose_reader_is_known_expand_in_its_way() {
    for (path, before, after) in [
        (".npmrc", "//r/:_authToken=KEY!\n", "//r/:_authToken=${SENDGRID_API_KEY}\n"),
        ("supervisord.conf", "environment=K=\"KEY!\"\n", "environment=K=\"%(ENV_SENDGRID_API_KEY)s\"\n"),
        ("tox.ini", "setenv =\n    K = KEY!\n", "setenv =\n    K = {env:SENDGRID_API_KEY}\n"),
        ("settings.xml", "<a><password>KEY!</password></a>\n", "<a><password>${env.SENDGRID_API_KEY}</password></a>\n"),
        ("NuGet.config", "<add key=\"a\" value=\"KEY!\" />\n", "<add key=\"a\" value=\"%SENDGRID_API_KEY%\" />\n"),
        ("application.conf", "a = \"b KEY! c\"\n", "a = \"b \"${SENDGRID_API_KEY}\" c\"\n"),
    ] {
        becomes(path, &[(before, after)]);
    }
    stays("settings.xml", &["<!-- KEY! -->\n"]);
}

#[test]
fn a_file_that_begins_a_session_does_not_read_the_variable_that_it_sets() {
    stays(".bashrc", &["export SENDGRID_API_KEY='KEY!'\n", "SENDGRID_API_KEY=KEY!\n"]);
    becomes(".bashrc", &[("export MAIL=\"KEY!\"\n", "export MAIL=\"${SENDGRID_API_KEY-}\"\n")]);
    stays("config.fish", &["set -gx SENDGRID_API_KEY 'KEY!'\n"]);
    stays("a.ps1", &["$env:SENDGRID_API_KEY = 'KEY!'\n"]);
    stays("a.js", &["process.env.SENDGRID_API_KEY = 'KEY!';\n", "process.env['SENDGRID_API_KEY'] = 'KEY!';\n"]);
    becomes(
        "a.js",
        &[(
            "process.env.MAIL_KEY_X = y; f('KEY!');\n",
            "process.env.MAIL_KEY_X = y; f(process.env.SENDGRID_API_KEY);\n",
        )],
    );
}

#[test]
fn configuration_files_expand_where_they_can() {
    becomes(
        "main.tf",
        &[
            (
                "provider \"sendgrid\" {\n  api_key = \"KEY!\"\n}\n",
                "provider \"sendgrid\" {\n  api_key = var.sendgrid_api_key\n}\n\nvariable \"sendgrid_api_key\" {\n  type      = string\n  sensitive = true\n}\n",
            ),
            (
                "variable \"sendgrid_api_key\" {}\nlocals {\n  h = \"Bearer KEY!\"\n}\n",
                "variable \"sendgrid_api_key\" {}\nlocals {\n  h = \"Bearer ${var.sendgrid_api_key}\"\n}\n",
            ),
        ],
    );
    stays(
        "main.tf",
        &[
            "variable \"k\" {\n  default = \"Bearer KEY!\"\n}\n",
            "terraform {\n  backend \"s3\" {\n    key = \"KEY!\"\n  }\n}\n",
        ],
    );
    becomes(
        "application.properties",
        &[
            ("spring.mail.password=KEY!\n", "spring.mail.password=${SENDGRID_API_KEY}\n"),
            ("a=${SG_KEY:KEY!}\n", "a=${SG_KEY}\n"),
        ],
    );
    becomes("application.conf", &[("key = \"KEY!\"\n", "key = ${SENDGRID_API_KEY}\n")]);
    becomes("supabase/config.toml", &[("pass = \"KEY!\"\n", "pass = \"env(SENDGRID_API_KEY)\"\n")]);
    becomes("grafana.ini", &[("password = KEY!\n", "password = $__env{SENDGRID_API_KEY}\n")]);
    becomes(
        ".msmtprc",
        &[("user apikey\npassword KEY!\n", "user apikey\npasswordeval \"printenv SENDGRID_API_KEY\"\n")],
    );
    for path in [
        "Dockerfile",
        ".env",
        "a.json",
        "appsettings.json",
        "a.xml",
        "a.ini",
        "a.toml",
        "a.properties",
        "nginx.conf",
        "sasl_passwd",
        "README.md",
        "app.log",
        "package-lock.json",
        "x.unknown",
        "",
    ] {
        stays(path, &["SENDGRID_API_KEY=\"KEY!\"\n"]);
    }
}
