//! What the place says: the kind of file, a comment, a manual, a test.

use super::*;

const DOCKER: &str = "token: dckr_pat_%{base64url:27}\n";

#[test]
fn what_no_checksum_proves_is_low_in_tests_manuals_and_other_peoples_code() {
    let at = |path: &str| fill("docker", 0, 1, &format!("⟪{path}⟫\n{DOCKER}"));
    let told = |path: &str| {
        let sample = at(path);
        let document = support::document(&sample.path, &sample.text, Changed::Whole);
        let outcome = quiet_scan().document(&document, &|_| None);
        outcome.findings.iter().find(|f| f.rule.id() == "docker-hub-access-token").map(|f| f.confidence)
    };
    for (path, expected) in [
        ("deploy/ci.yml", High),
        ("src/push.py", High),
        ("test.py", High),
        (".github/workflows/tests.yml", High),
        ("Cargo.lock", High),
        (".env.example", Medium),
        ("README.md", Medium),
        ("dist/app.js", Medium),
        ("script/http-client.env.json", Medium),
        ("patches/login.patch", Medium),
        ("config/test.exs", Low),
        ("phpunit.xml", Low),
        ("tests/push.py", Low),
        ("tests/test.py", Low),
        ("contrib/login/test.netrc", Low),
        ("src/testFixtures/web/test.py", Low),
        ("src/Acme.Facts/push.cs", Low),
        ("src/PushFacts.cs", Low),
        ("app/pacts/push.json", Low),
        ("charts/web/ci/tls-values.yaml", Low),
        ("charts/web/tls-values.yaml", High),
        ("lib/Acme.dll-Help.xml", Low),
        ("manuscript/book.epub/EPUB/text/ch011.xhtml", Low),
        ("site/setup/push/index.html", Low),
        ("manuscript/push.md", Low),
        ("roles/hub/molecule/default/converge.yml", Low),
        ("src/molecule.yml", High),
        ("config/circleci.json", Low),
        ("inventory/host_vars/travis/mail.yml", Low),
        ("inventory/local_travis/mail.yml", Low),
        (".circleci/config.yml", High),
        ("scripts/travis/deploy.sh", High),
        ("ios/Shop.storekit", Low),
        ("config/circuit.json", High),
        ("public/fonts/icomoon-session.json", Medium),
        ("docs/push.md", Low),
        ("openapi.yaml", Low),
        ("docs/_build/doctrees/push.doctree", Low),
        ("node_modules/acme/index.js", Low),
        ("cache/acme-1.0.gem/data.tar.gz/config/ci.yml", Low),
    ] {
        assert_eq!(told(path), Some(expected), "{path}");
    }
}

#[test]
fn what_is_proved_stays_sure_in_a_test() {
    all_are(
        &[
            ("sendgrid-api-key", "⟪tests/mail.py⟫\nkey = 'SG.%{sendgrid-id}.%{sendgrid-secret}'\n", High),
            ("sendgrid-api-key", "⟪docs/mail.md⟫\n{\"api_key\": \"SG.%{sendgrid-id}.%{sendgrid-secret}\"}\n", Medium),
            ("sendgrid-api-key", "⟪README.md⟫\nexport KEY=SG.%{sendgrid-id}.%{sendgrid-secret}\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_commit_message_is_a_text_for_people() {
    all_are(
        &[
            ("docker-hub-access-token", "Log in with dckr_pat_%{base64url:27} again\n", Medium),
            ("sendgrid-api-key", "Take out SG.%{sendgrid-id}.%{sendgrid-secret}\n", High),
        ],
        Aspect::CommitMessage,
    );
}

#[test]
fn code_in_the_comments_that_documentation_is_made_of_explains() {
    const LOGIN: &str = "%{to-base64:acme:%{alnum:14}}";
    let in_file = |start: &str, expected| {
        for seed in 0..4 {
            let text = format!("{start} Authorization = 'Basic {LOGIN}'\n");
            assert_eq!(confidence("http-basic-header", &text, seed, Aspect::Content), Some(expected), "{text}");
        }
    };
    in_file("⟪web/lib/http.js⟫\n/**\n * send(function ($http) {\n *  ", Low);
    in_file("⟪src/http.rs⟫\n/// ", Low);
    in_file("⟪lib/http.rb⟫\n#     ", Low);
    in_file("⟪http.go⟫\n//\t", Low);
    in_file("⟪web/lib/http.js⟫\n//", Medium);
    in_file("⟪http.go⟫\n//", Medium);
    in_file("⟪lib/http.rb⟫\n#", Medium);
    all_are(
        &[
            (
                "docker-hub-access-token",
                "⟪lib/modules/hub.py⟫\nEXAMPLES = '''\n- name: Log in\n  hub:\n    state: present\n    token: dckr_pat_%{base64url:27}\n'''\n",
                Low,
            ),
            ("docker-hub-access-token", "⟪hub.py⟫\nstate: str = 'present'\ntoken = 'dckr_pat_%{base64url:27}'\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn keys_of_apps_and_pages_and_links_to_one_thing_are_low() {
    const KEY: &str = "AIzaSy%{base64url:33}";
    let google = |path: &str, start: &str| {
        let text = format!("⟪{path}⟫\n{start}\"{KEY}\"\n");
        confidence("google-api-key", &text, 1, Aspect::Content)
    };
    assert_eq!(google("app/google-services.json", "\"key\": "), Some(Low));
    assert_eq!(google("ios/GoogleService-Info.plist", "key = "), Some(Low));
    assert_eq!(google("web/index.html", "key = "), Some(Low));
    assert_eq!(google("src/map.js", "url = \"https://maps.googleapis.com/maps/api/js\"; key = "), Some(Low));
    assert_eq!(google("server/translate.py", "key = "), Some(Medium));
    all_are(
        &[
            (
                "azure-sas-token",
                "⟪feed.json⟫\n\"https://a.blob.core.windows.net/i/a.png?sv=2014-02-14&sr=b&sig=%{alnum:43}%3D\"",
                Low,
            ),
            (
                "azure-sas-token",
                "⟪deploy.sh⟫\nURL='https://a.blob.core.windows.net/i?sv=2022-11-02&sr=c&sig=%{alnum:43}%3D'",
                Medium,
            ),
            (
                "aws-access-key-id",
                "⟪get.sh⟫\ncurl 'https://s3.amazonaws.com/a.mp4?AWSAccessKeyId=AKIA%{base32:16}&Signature=%{alnum:27}'",
                Low,
            ),
            (
                "aws-access-key-id",
                "⟪credentials.erb⟫\naccess = AKIA%{base32:16}\nsecret_access = <%= @credentials['secret'] %>\n",
                Low,
            ),
            (
                "google-oauth-access-token",
                "⟪a.php⟫\n$t = '{\"access_token\":\"ya29.%{base64url:160}\",\"expires_in\":3600}';",
                Low,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_private_key_of_a_test_protects_nothing() {
    let key = |path: &str| {
        let text =
            format!("⟪{path}⟫\n-----BEGIN RSA PRI‸VATE KEY-----\n%{{der:1190:\n}}\n-----END RSA PRI‸VATE KEY-----\n");
        confidence("private-key-pem", &text, 1, Aspect::Content)
    };
    for (path, expected) in [
        ("deploy/ssl/server.key", Medium),
        ("config/deploy_key/id_rsa", Medium),
        ("examples/server.key", Low),
        ("client/localhost.pem", Low),
        ("laradock/workspace/insecure_id_rsa", Low),
        ("hieradata/vagrant.yaml", Low),
        ("README.md", Low),
        ("dist/server.key", Medium),
        ("tests/certs/server.key", Low),
        ("internal/lang/crypto_test.go", Low),
        ("vendor/github.com/acme/tls/server.key", Low),
        ("pkg/mod/github.com/acme/tls@v1.2.0/bundle.go", Low),
        ("ui/pkg/mod/github.com/acme/tls@v1.2.0/bundle.go", Low),
    ] {
        assert_eq!(key(path), Some(expected), "{path}");
    }
}

#[test]
fn a_private_key_is_medium_in_a_vault_high_and_in_a_comment_low() {
    let key = |path: &str, before: &str| {
        let text = format!(
            "⟪{path}⟫\n{before}-----BEGIN RSA PRI‸VATE KEY-----\n%{{der:1190:\n}}\n-----END RSA PRI‸VATE KEY-----\n"
        );
        confidence("private-key-pem", &text, 1, Aspect::Content)
    };
    for (path, before, expected) in [
        ("conf/site.yaml", "tls:\n  key: |\n", Medium),
        ("src/tls.go", "const KEY = `", Medium),
        (".env", "TLS_KEY=\"", Medium),
        ("conf/site.yaml", "#  key: ", Low),
        ("src/tls.go", "/* Example of a key\n   openssl genrsa\n   ", Low),
        ("group_vars/web/vault.yml", "key: |\n", High),
        ("conf/deploy_key", "", Medium),
        ("conf/site.pem", "# the key\n", Medium),
    ] {
        assert_eq!(key(path, before), Some(expected), "{path}: {before}");
    }
}

#[test]
fn passwords_in_comments_of_settings_are_samples_unless_a_line_was_taken_out() {
    all_are(
        &[
            ("url-password", "⟪monitrc⟫\n# set mmonit http://monit:%{alnum:12}@192.168.1.10:8080/collector\n", Low),
            ("url-password", "⟪monitrc⟫\n#set mmonit http://monit:%{alnum:12}@192.168.1.10:8080/collector\n", Medium),
            (
                "url-password",
                "⟪monitrc⟫\nset mmonit http://monit:%{alnum:12}@192.168.1.10:8080/collector # x\n",
                Medium,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn what_only_its_name_tells_is_low_amid_a_comment_of_settings() {
    all_are(
        &[
            ("pusher-app-secret", "⟪a.yml⟫\n# Add settings here:\n# PUSHER_SECRET: %{hex:20}\n", Low),
            ("pusher-app-secret", "⟪a.yml⟫\nrate: 2\n# PUSHER_SECRET: %{hex:20}\n", Medium),
            ("pusher-app-secret", "⟪config/application.yml⟫\n#PUSHER_SECRET: %{hex:20}\n", High),
            ("pusher-app-secret", "⟪app.py⟫\n# PUSHER_SECRET = '%{hex:20}'\n", Medium),
            ("docker-hub-access-token", "⟪ci.yml⟫\n# token: dckr_pat_%{base64url:27}\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn keys_that_an_app_or_a_page_shows_are_low() {
    let google = |path: &str, line: &str| {
        let text = format!("⟪{path}⟫\n{}\n", line.replace("KEY", "AIzaSy%{base64url:33}"));
        confidence("google-api-key", &text, 1, Aspect::Content)
    };
    for (path, line, expected) in [
        ("app/build.gradle", "resValue 'string', 'google_key', 'KEY'", Low),
        ("app/src/main/res/values/keys.xml", "<string name=\"apiv2_key\">KEY</string>", Low),
        ("ios/App/Info.plist", "<string>KEY</string>", Low),
        ("ui/src/maps/maps.module.ts", "apiKey: 'KEY',", Low),
        ("views/index.jade", "gapi.client.setApiKey('KEY')", Low),
        (".github/workflows/build.yml", "echo \"mapsApiKey=KEY\" >> gradle.properties", Low),
        ("server/.env", "TRANSLATE_API_KEY=KEY", Medium),
        ("lib/translate.ex", "api_key = \"KEY\"", Medium),
    ] {
        assert_eq!(google(path, line), Some(expected), "{path}");
    }
}

#[test]
fn keys_that_an_installation_makes_are_low_in_samples_of_settings() {
    let app_key = |path: &str| {
        confidence("laravel-app-key", &format!("⟪{path}⟫\nAPP_KEY=base64:%{{base64:43}}=\n"), 1, Aspect::Content)
    };
    assert_eq!(app_key(".env.example"), Some(Low));
    assert_eq!(app_key(".env"), Some(High));
}

#[test]
fn what_only_its_name_tells_is_low_in_a_text_for_people() {
    const UNSEAL: &str = "Unseal Key 1: %{base64:44}\n";
    let at = |path: &str| confidence("hashicorp-vault-unseal-key", &format!("⟪{path}⟫\n{UNSEAL}"), 1, Aspect::Content);
    assert_eq!(at("README.markdown"), Some(Low));
    assert_eq!(at("notes.txt"), Some(Medium));
    assert_eq!(at("deploy/vault.log"), Some(High));
    all_are(
        &[
            ("codecov-upload-token", "⟪ci.yml⟫\nenv:\n  # CODECOV_TOKEN: %{uuid}\n", Medium),
            ("codecov-upload-token", "⟪ci.yml⟫\nenv:\n  #CODECOV_TOKEN: %{uuid}\n", High),
            ("codecov-upload-token", "⟪ci.yml⟫\nenv:\n  CODECOV_TOKEN: %{uuid}\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn features_of_cucumber_and_indexes_of_documentation_are_not_settings() {
    all_are(
        &[
            ("docker-hub-access-token", "⟪features/login.feature⟫\ntoken dckr_pat_%{base64url:27}\n", Low),
            ("docker-hub-access-token", "⟪features/support/env.rb⟫\ntoken = 'dckr_pat_%{base64url:27}'\n", Low),
            ("docker-hub-access-token", "⟪features/login.js⟫\ntoken = 'dckr_pat_%{base64url:27}'\n", High),
            (
                "docker-hub-access-token",
                "⟪pr-1/search/search_index.json⟫\n{\"text\": \"dckr_pat_%{base64url:27}\"}\n",
                Low,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_password_drawn_by_lot_is_high_in_settings_that_are_in_force() {
    let cases = [
        ("database-password", "⟪config/app.yml⟫\ndb_password: «%{alnum:24}»\n", High),
        ("database-password", "⟪config/app.yml⟫\ndb_host: localhost\ndb_password: «%{alnum:24}»\n", Medium),
        ("database-password", "⟪config/app.yml⟫\ndb_password: «Summer2024!»\n", Medium),
        ("database-password", "⟪src/app.py⟫\ndb_password = '«%{alnum:24}»'\n", Medium),
        ("database-password", "⟪db.yml⟫\n  db_password: «%{to-base64:MySql5.6‸PassForShop9}»\n", Medium),
        ("database-password", "⟪db.yml⟫\n  db_password: «%{to-base64:%{alnum:24}}»\n", High),
        ("url-database-password", "⟪.env⟫\nA_URL=postgres://app:«%{alnum:24}»@db.acme.io/app\n", High),
        ("url-database-password", "⟪.env⟫\nA_URL=postgres://app:«%{alnum:24}»@db/app\n", Medium),
        ("url-database-password", "⟪.env⟫\nA_URL=postgres://app:«%{alnum:24}»@db.acme.io/app\n# @localhost/a\n", High),
        ("url-database-password", "⟪.env⟫\nA_URL=postgres://app:«%{alnum:24}»@localhost/app\n", Low),
        ("url-database-password", "⟪a/.env-cmdrc.local⟫\n\"x\": \"postgres://a:«%{alnum:24}»@db.acme.io/a\",\n", High),
        ("url-database-password", "⟪playground/.env⟫\nA=postgres://a:«%{alnum:24}»@93.184.216.34/a\n", High),
        ("url-database-password", "⟪playground/.env⟫\nA=postgres://a:«%{alnum:24}»@10.0.0.7/a\n", Medium),
        ("url-database-password", "⟪playground/a.yml⟫\nA: postgres://a:«%{alnum:24}»@db.acme.io/a\n", Medium),
        (
            "connection-string-ado",
            "⟪a.json⟫\n\"x\": \"127.0.0.1\",\n\"y\": \"Server=a.io;Uid=b;Pwd=«x7Gk2p‸Q9»;\"\n",
            Medium,
        ),
    ];
    all_are(&cases, Aspect::Content);
}

/// A wallet makes the sum of a phrase itself, so that it shows nothing of where the phrase is in use.
#[test]
fn a_seed_phrase_is_high_in_settings_less_in_programs_or_beside_a_chain_of_ones_own_and_low_in_tests() {
    let cases = [
        ("bip39-seed-phrase", "⟪deploy/.env⟫\nMNEMONIC=«%{bip39:12}»\n", High),
        ("bip39-seed-phrase", "⟪src/bot.ts⟫\nconst mnemonic = '«%{bip39:24}»';\n", Medium),
        ("bip39-seed-phrase", "⟪hardhat.config.js⟫\nconst mnemonic = '«%{bip39:12}»';\n", High),
        ("bip39-seed-phrase", "⟪src/a.clj⟫\n;; test account\n(import-mnemonic \"«%{bip39:12}»\")\n", Low),
        ("bip39-seed-phrase", "⟪.env⟫\nMNEMONIC=«%{bip39:12}»\nRPC=http://localhost:8545\n", Medium),
        ("bip39-seed-phrase", "⟪.env.example⟫\nMNEMONIC=«%{bip39:12}»\n", Medium),
        ("bip39-seed-phrase", "⟪test/wallet.test.js⟫\nconst mnemonic = '«%{bip39:12}»';\n", Low),
        ("bip39-seed-phrase", "⟪README.md⟫\nmnemonic: «%{bip39:12}»\n", Low),
    ];
    all_are(&cases, Aspect::Content);
}

#[test]
fn the_name_of_an_app_says_nothing_of_the_key_that_github_gave_out_for_it() {
    const KEY: &str = "-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1180:\n}\n-----END RSA PRI‸VATE KEY-----";
    let case = |path: &str, expected| {
        let text = format!("⟪{path}⟫\n«{KEY}»\n");
        assert_eq!(confidence("private-key-pem", &text, 1, Aspect::Content), Some(expected), "{path}");
    };
    case("keys/shop-tests.2025-07-22.private-key.pem", Medium);
    case("keys/shop-tests.private-key.pem", Low);
    case("tests/shop.2025-07-22.private-key.pem", Low);
}
