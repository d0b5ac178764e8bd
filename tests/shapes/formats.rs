//! Configuration in each format, with the key wherever the format can do without it, and what it has to say then.

/// A file, `KEY!` for the key.
pub struct Setting {
    pub path: &'static str,
    pub text: &'static str,
    /// What it says once mended.
    pub says: &'static [&'static str],
    /// How `parses.py` reads it.
    pub reader: &'static str,
    /// The schema of check-jsonschema's that it follows.
    pub schema: &'static str,
}

const fn setting(
    path: &'static str,
    reader: &'static str,
    schema: &'static str,
    text: &'static str,
    says: &'static [&'static str],
) -> Setting {
    Setting { path, text, says, reader, schema }
}

pub const SETTINGS: &[Setting] = &[
    setting(
        "compose.yaml",
        "yaml",
        "compose-spec",
        "services:\n  mail:\n    image: mail\n    environment:\n      SENDGRID_API_KEY: KEY!\n      URL: \"https://example.com/send?key=KEY!&x=1\"\n      QUOTED: 'KEY!'\n\
         \x20     WITH_DEFAULT: ${SENDGRID_API_KEY:-KEY!}\n    command: [\"send\", \"--key\", \"KEY!\"]\n    labels: {key: KEY!}\n  other:\n    image: mail\n    environment:\n\
         \x20     - SENDGRID_API_KEY=KEY!\n      - \"HEADER=Bearer KEY!\"\n",
        &[
            "SENDGRID_API_KEY: ${SENDGRID_API_KEY:?}",
            "- SENDGRID_API_KEY=${SENDGRID_API_KEY:?}",
            "WITH_DEFAULT: ${SENDGRID_API_KEY:?}",
        ],
    ),
    setting(
        ".github/workflows/mail.yml",
        "yaml",
        "github-workflows",
        "on: push\nenv:\n  SENDGRID_API_KEY: KEY!\njobs:\n  mail:\n    runs-on: ubuntu-latest\n    env: {OTHER_KEY: 'KEY!'}\n    steps:\n      - run: send --key KEY!\n\
         \x20     - run: |\n          curl -H \"Authorization: Bearer KEY!\" \"https://example.com/send?key=KEY!&x=1\"\n      - uses: example/send@v1\n        with:\n          key: \"KEY!\"\n",
        &["SENDGRID_API_KEY: ${{ secrets.SENDGRID_API_KEY }}", "Bearer ${{ secrets.SENDGRID_API_KEY }}"],
    ),
    setting(
        ".gitlab-ci.yml",
        "yaml",
        "gitlab-ci",
        "variables:\n  SENDGRID_API_KEY: KEY!\n  MAIL: \"KEY!\"\n  MAIL_URL: https://example.com/send?key=KEY!&x=1\nmail:\n  variables:\n    SENDGRID_API_KEY: KEY!\n  script:\n\
         \x20   - send --key KEY!\n    - 'true'\n    - |\n      curl -H \"Authorization: Bearer KEY!\" https://example.com\n",
        &["MAIL: \"$SENDGRID_API_KEY\"", "send --key \"$SENDGRID_API_KEY\"", "variables: {}"],
    ),
    setting(
        "azure-pipelines.yml",
        "yaml",
        "azure-pipelines",
        "variables:\n  mailKey: KEY!\n  mailUrl: \"https://example.com/send?key=KEY!&x=1\"\nsteps:\n  - script: send --key KEY!\n    env:\n      MAIL_KEY: 'KEY!'\n  - bash: |\n\
         \x20     curl -H \"Authorization: Bearer KEY!\" https://example.com\n",
        &["mailKey: $(SENDGRID_API_KEY)", "send --key $(SENDGRID_API_KEY)"],
    ),
    setting(
        ".circleci/config.yml",
        "yaml",
        "circle-ci",
        "version: 2.1\njobs:\n  mail:\n    docker:\n      - image: cimg/base:stable\n    environment:\n      SENDGRID_API_KEY: KEY!\n      OTHER: x\n    steps:\n      - run: send --key KEY!\n      - run:\n\
         \x20         name: send\n          command: |\n            curl -H \"Authorization: Bearer KEY!\" \"https://example.com/send?key=KEY!&x=1\"\n",
        &["send --key \"$SENDGRID_API_KEY\"", "    environment:\n      OTHER: x\n"],
    ),
    setting(
        "bitbucket-pipelines.yml",
        "yaml",
        "bitbucket-pipelines",
        "image: mail\npipelines:\n  default:\n    - step:\n        script:\n          - send --key KEY!\n          - curl -u \"apikey:KEY!\" https://example.com\n",
        &["send --key \"$SENDGRID_API_KEY\"", "curl -u \"apikey:$SENDGRID_API_KEY\""],
    ),
    setting(
        "k8s/deployment.yaml",
        "kubernetes",
        "",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: mail\nspec:\n  selector:\n    matchLabels: {app: mail}\n  template:\n    metadata:\n      labels: {app: mail}\n\
         \x20   spec:\n      containers:\n        - name: mail\n          image: mail\n          env:\n            - name: SENDGRID_API_KEY\n              value: KEY!\n\
         \x20           - name: QUOTED\n              value: \"KEY!\"\n            - {name: FLOW, value: 'KEY!'}\n            - value: KEY!\n              name: FIRST\n",
        &["valueFrom: {secretKeyRef: {name: sendgrid-api-key, key: SENDGRID_API_KEY}}"],
    ),
    setting(
        "chart/values.yaml",
        "yaml",
        "",
        "sendgrid:\n  apiKey: KEY!\n  other: \"KEY!\"\n  map: {key: 'KEY!'}\n",
        &["apiKey: \"\"", "map: {key: \"\"}"],
    ),
    setting(
        "group_vars/all.yml",
        "yaml",
        "",
        "sendgrid_api_key: KEY!\nquoted: \"KEY!\"\nsingle: 'KEY!'\nurl: \"https://example.com/send?key=KEY!&x=1\"\nmap: {key: \"KEY!\"}\nlist:\n  - KEY!\n",
        &["sendgrid_api_key: \"{{ lookup('env', 'SENDGRID_API_KEY') }}\""],
    ),
    setting(
        "src/main/resources/application.yml",
        "yaml",
        "",
        "spring:\n  mail:\n    password: KEY!\n    url: \"https://example.com/send?key=KEY!&x=1\"\n    map: {key: KEY!}\n    other: ${SENDGRID_API_KEY:KEY!}\n",
        &["password: ${SENDGRID_API_KEY}", "other: ${SENDGRID_API_KEY}"],
    ),
    setting(
        "src/main/resources/application.properties",
        "properties",
        "",
        "spring.mail.password=KEY!\nspring.sendgrid.api-key = KEY!\nurl=https://example.com/send?key=KEY!&x=1\nother=${SENDGRID_API_KEY:KEY!}\n",
        &["spring.mail.password=${SENDGRID_API_KEY}"],
    ),
    setting(
        "config/packages/mailer.yaml",
        "yaml",
        "",
        "framework:\n  mailer:\n    dsn: sendgrid+api://KEY!@default\n    key: KEY!\n",
        &["%env(SENDGRID_API_KEY)%"],
    ),
    setting(
        "config/secrets.yml",
        "",
        "",
        "production:\n  key: KEY!\n  url: \"https://example.com/send?key=KEY!&x=1\"\n",
        &["key: <%= ENV.fetch(\"SENDGRID_API_KEY\") %>"],
    ),
    setting(
        "serverless.yml",
        "yaml",
        "",
        "service: mail\nprovider:\n  name: aws\n  environment:\n    SENDGRID_API_KEY: KEY!\n    MAP: {key: KEY!}\n",
        &["${env:SENDGRID_API_KEY}"],
    ),
    setting(
        "alertmanager.yml",
        "yaml",
        "",
        "global:\n  smtp_auth_username: apikey\n  smtp_auth_password: 'KEY!'\n",
        &["smtp_auth_password_file: /run/secrets/sendgrid_api_key"],
    ),
    setting(
        "Dockerfile",
        "dockerfile",
        "",
        "FROM debian\nARG KEY=KEY!\nENV SENDGRID_API_KEY=KEY! OTHER=x\nENV MAIL_KEY KEY!\nRUN send --key KEY!\nRUN a && \\\n    curl -H \"Authorization: Bearer KEY!\" 'https://example.com/send?key=KEY!&x=1'\nCMD send --key KEY!\n",
        &[
            "ARG KEY\n",
            "ENV SENDGRID_API_KEY=\"\" OTHER=x",
            "--mount=type=secret,id=SENDGRID_API_KEY",
            "CMD send --key \"${SENDGRID_API_KEY:?}\"",
        ],
    ),
    setting(
        "infra/main.tf",
        "hcl2",
        "",
        "provider \"sendgrid\" {\n  api_key = \"KEY!\"\n}\n\nlocals {\n  header = \"Bearer KEY!\"\n}\n",
        &["api_key = var.sendgrid_api_key", "sensitive = true"],
    ),
    setting("infra/prod.tfvars", "hcl2", "", "region = \"eu\"\nsendgrid_api_key = \"KEY!\"\n", &["region = \"eu\"\n"]),
    setting(
        "appsettings.json",
        "json",
        "",
        "{\n  \"SendGrid\": {\n    \"ApiKey\": \"KEY!\",\n    \"From\": \"a@example.com\"\n  }\n}\n",
        &["\"ApiKey\": \"\","],
    ),
    setting(
        "nginx/mail.conf",
        "",
        "",
        "server {\n  listen 80;\n  location / {\n    proxy_set_header Authorization \"Bearer KEY!\";\n    proxy_set_header X-Key KEY!;\n    proxy_pass http://127.0.0.1;\n  }\n}\n",
        &[
            "include /run/secrets/sendgrid_api_key.conf;\n    proxy_set_header Authorization \"Bearer ${sendgrid_api_key}\";",
        ],
    ),
    setting(
        "nginx.conf",
        "nginx",
        "",
        "events {}\nhttp {\n  server {\n    location / {\n      proxy_set_header Authorization 'Bearer KEY!';\n      proxy_pass http://127.0.0.1;\n    }\n  }\n}\n",
        &["'Bearer ${sendgrid_api_key}'"],
    ),
    setting(
        "nginx/mail.conf.template",
        "",
        "",
        "server {\n  location / {\n    proxy_set_header Authorization \"Bearer KEY!\";\n  }\n}\n",
        &["Bearer ${SENDGRID_API_KEY}"],
    ),
    setting(
        "postfix/main.cf",
        "ini",
        "",
        "relayhost = [smtp.sendgrid.net]:587\nsmtp_sasl_password_maps = static:apikey:KEY!\n",
        &["texthash:/run/secrets/sasl_passwd"],
    ),
    setting(
        ".msmtprc",
        "",
        "",
        "account sendgrid\nhost smtp.sendgrid.net\nuser apikey\npassword KEY!\n",
        &["passwordeval \"printenv SENDGRID_API_KEY\""],
    ),
    setting(
        "supabase/config.toml",
        "toml",
        "",
        "[auth.email.smtp]\nuser = \"apikey\"\npass = \"KEY!\"\n",
        &["pass = \"env(SENDGRID_API_KEY)\""],
    ),
    setting(
        "grafana.ini",
        "ini",
        "",
        "[smtp]\nuser = apikey\npassword = KEY!\n",
        &["password = $__env{SENDGRID_API_KEY}"],
    ),
    setting(
        "supervisord.conf",
        "ini",
        "",
        "[program:mail]\nenvironment=SENDGRID_API_KEY=\"KEY!\"\n",
        &["\"%(ENV_SENDGRID_API_KEY)s\""],
    ),
    setting("tox.ini", "ini", "", "[testenv]\nsetenv =\n    SENDGRID_API_KEY = KEY!\n", &["{env:SENDGRID_API_KEY}"]),
    setting(
        "mail.service",
        "ini",
        "",
        "[Service]\nEnvironment=SENDGRID_API_KEY=KEY!\nExecStart=/bin/mail\n",
        &["EnvironmentFile=/etc/%N.env"],
    ),
    setting(
        "pom.xml",
        "xml",
        "",
        "<project><properties><mail.key>KEY!</mail.key></properties></project>\n",
        &["<mail.key>${env.SENDGRID_API_KEY}</mail.key>"],
    ),
    setting(
        "telegraf.conf",
        "toml",
        "",
        "[[outputs.http]]\n  password = \"KEY!\"\n",
        &["password = \"${SENDGRID_API_KEY}\""],
    ),
    setting(".env.example", "", "", "# Sends.\nSENDGRID_API_KEY=KEY!\n", &["# Sends.\nSENDGRID_API_KEY=\n"]),
];

/// Files in which nothing can take the key's place: they stay, and that is said.
pub const STAY: &[(&str, &str)] = &[
    ("a.json", "{\"key\": \"KEY!\"}\n"),
    ("a.xml", "<key>KEY!</key>\n"),
    ("a.ini", "[mail]\nkey = KEY!\n"),
    ("a.toml", "key = \"KEY!\"\n"),
    ("a.properties", "key=KEY!\n"),
    ("other.yml", "key: KEY!\n"),
    ("sasl_passwd", "[smtp.sendgrid.net]:587 apikey:KEY!\n"),
    (".env", "SENDGRID_API_KEY=KEY!\n"),
    ("local.settings.json", "{\"Values\": {\"AzureWebJobsSendGridApiKey\": \"KEY!\"}}\n"),
    ("k8s/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: mail\nstringData:\n  key: KEY!\n"),
    ("public/mail.js", "const key = 'KEY!';\n"),
    ("README.md", "Use KEY! to send.\n"),
];
