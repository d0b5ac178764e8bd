//! What the value and its line say: digests, names, invented users, warnings.

use super::*;

#[test]
fn a_user_who_is_only_described_has_no_password() {
    let login = |user: &str, password: &str| {
        let text = format!("https://api.sendgrid.com/api/mail.send.json?api_user={user}&api_key={password}&to=a@b.c\n");
        confidence("sendgrid-v2-login", &text, 1, Aspect::Content)
    };
    for user in ["parent_username", "NEWUSERNAME", "SGusername"] {
        assert_eq!(login(user, "%{alnum:11}"), Some(Medium), "{user}");
        assert_eq!(login(user, "SGpasword"), Some(Low), "{user}");
        assert_eq!(login(user, "secureSecrett"), Some(Low), "{user}");
        assert_eq!(login(user, "secureSecre"), Some(Low), "{user}");
    }
    assert_eq!(login("kestrel", "%{alnum:11}"), Some(High));
    assert_eq!(login("admin", "%{alnum:11}"), Some(High));
}

#[test]
fn a_published_sample_with_a_few_characters_changed_is_low() {
    const ID: &str = "AWS_ACCESS_KEY_ID=AKIA%{base32:16}\nAWS_SECRET_ACCESS_KEY=";
    // The sample of Amazon's documentation, in pieces.
    let sample = ["wJalrXUtn", "FEMI/K7MDE", "NG/bABEfiCY", "EXAMAAAKEY"].concat();
    for (secret, expected) in [(sample.as_str(), Low), ("%{base64:40}", High)] {
        let text = format!("⟪deploy.sh⟫\n{ID}{secret}\n");
        assert_eq!(confidence("aws-access-key", &text, 1, Aspect::Content), Some(expected));
    }
}

#[test]
fn a_line_that_says_it_is_made_up_is_believed() {
    all_are(
        &[
            ("stripe-secret-key", "⟪form.rb⟫\nfield :key, placeholder: 'sk_live_%{alnum:24}'\n", Low),
            ("stripe-secret-key", "⟪form.php⟫\n'placeholder' =>\n  'sk_live_%{alnum:24}',\n", Low),
            ("stripe-secret-key", "⟪form.rb⟫\nkey_example: 'sk_live_%{alnum:24}'\n", Low),
            ("stripe-secret-key", "⟪keys.rs⟫\nconst FAKE_KEY: &str = \"sk_live_%{alnum:24}\";\n", Low),
            ("stripe-secret-key", "⟪mail.rb⟫\nsend('a@example.com', 'sk_live_%{alnum:24}')\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn what_another_scanner_reported_stands_somewhere_else() {
    let entry = "{\"StartColumn\": 3, \"EndColumn\": 44, \"Match\": \"dckr_pat_%{base64url:27}\", \"Commit\": \"\", \"Entropy\": 4}\n";
    assert_eq!(confidence("docker-hub-access-token", entry, 1, Aspect::Content), Some(Low));
}

#[test]
fn the_digest_of_a_common_word_is_known_to_all() {
    // MD5 of `test` and the end of its line, in pieces.
    let digest = ["d8e8fca2", "dc0f896f", "d7cb4cb0", "031ba249"].concat();
    let stripe = |key: &str| confidence("stripe-test-key", &format!("key = 'sk_test_{key}'\n"), 1, Aspect::Content);
    assert_eq!(stripe(&digest), Some(Low));
    assert_eq!(stripe("%{hex:32}"), Some(High));
}

#[test]
fn an_invented_user_has_no_password() {
    all_are(
        &[
            (
                "sendgrid-settings-login",
                "⟪a.yml⟫\nsendgrid:\n  user: someEmail@fake.com\n  password: %{alnum:11}\n",
                Low,
            ),
            (
                "sendgrid-settings-login",
                "⟪a.yml⟫\nsendgrid:\n  user: kestrel@acme.net\n  password: %{alnum:11}\n",
                Medium,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn what_is_called_a_password_is_a_name() {
    all_are(
        &[
            ("java-keystore-password", "⟪build.gradle⟫\nkeyPassword: 'cosign-key-password'\n", Low),
            ("java-keystore-password", "⟪build.gradle⟫\nstorePassword: \"acme password\"\n", Low),
            ("jwt-signing-secret", "⟪src/help.rs⟫\njwt-secret = \"secret_with_at_least_32_characters\"\n", Low),
            ("jwt-signing-secret", "⟪src/Jwt.java⟫\njwt.secret = \"default-key-for-the-shop-2024\"\n", Low),
            ("jwt-signing-secret", "⟪src/Jwt.java⟫\njwt.secret = \"sunlit-meadow-harbor-2024\"\n", Medium),
            ("mysql-environment-password", "⟪compose.yml⟫\n  MYSQL_PASSWORD: mySh0p_password\n", Low),
            ("mysql-environment-password", "⟪compose.yml⟫\n  MYSQL_PASSWORD: mySh0p_k%{alnum:9}\n", Medium),
            ("java-keystore-password", "⟪build.gradle⟫\nkeyPassword: 'cosign-7%{alnum:9}'\n", Medium),
            ("mysql-environment-password", "⟪compose.yml⟫\n  MYSQL_PASSWORD: MyShop‸Password123\n", Low),
            ("mysql-environment-password", "⟪compose.yml⟫\n  MYSQL_PASSWORD: Mysql_‸password123!\n", Low),
            ("mysql-environment-password", "⟪compose.yml⟫\n  MYSQL_PASSWORD: Kestrel‸_lantern91!\n", Medium),
            (
                "url-database-password",
                "⟪pod.yaml⟫\n  url: postgresql://admin:portfolio-db-password@db.acme.org:5432/portfolio\n",
                Medium,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_sealed_secret_and_an_expression_cut_at_its_quote_are_no_passwords() {
    let found = |rule: &str, text: &str| confidence(rule, text, 1, Aspect::Content);
    for start in ["AgA", "AgB", "AgC", "AgD"] {
        assert_eq!(found("database-password", &format!("⟪sealed.yaml⟫\n  DB_PASS: {start}%{{base64:480}}\n")), None);
    }
    assert_eq!(
        found("postgresql-dsn-password", "⟪bin/load⟫\n dbname=config['DB'],\n password=config['DB_PASS']\n"),
        None
    );
    assert!(found("postgresql-dsn-password", "⟪bin/load⟫\n dbname=acme\n password=%{alnum:12}\n").is_some());
}

#[test]
fn a_key_is_low_where_words_between_its_lines_warn_of_it() {
    all_are(
        &[
            (
                "private-key-pem",
                "⟪tls/server.key⟫\n-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1190:\n}\n-----END RSA PRI‸VATE KEY-----\n",
                Medium,
            ),
            (
                "private-key-pem",
                "⟪tls/server.key⟫\n// Do not use in tests\n-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1190:\n}\n-----END RSA PRI‸VATE KEY-----\n",
                Medium,
            ),
            (
                "private-key-pem",
                "⟪tls/server.key⟫\n-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1190:\n}\n// DO NOT USE\n-----END RSA PRI‸VATE KEY-----\n",
                Low,
            ),
            (
                "private-key-pem",
                "⟪tls/server.key⟫\n-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1190:\n}^invalid DO NOT USE==\n-----END RSA PRI‸VATE KEY-----\n",
                Low,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_key_that_every_virtual_machine_of_a_maker_knows_is_a_published_sample() {
    let key = |modulus: &str| {
        let mut der = vec![0x30, 0x82, 4, 0xa2, 2, 1, 0, 2, 0x82, 1, 1, 0];
        der.extend(data_encoding::BASE64.decode(modulus.as_bytes()).expect("it is base64"));
        der.extend((der.len()..1190).map(|at| (at * at * 31 % 251) as u8));
        let digits = data_encoding::BASE64.encode(&der);
        let lines: Vec<&str> = (0..digits.len()).step_by(64).map(|at| &digits[at..digits.len().min(at + 64)]).collect();
        let (begin, end) = ("-----BEGIN RSA PRI", "-----END RSA PRI");
        format!("⟪keys/login⟫\n{begin}VATE KEY-----\n{}\n{end}VATE KEY-----\n", lines.join("\n"))
    };
    let said = |modulus| confidence("private-key-pem", &key(modulus), 0, Aspect::Content);
    assert_eq!(said("6NF8iallvQVp22WDkTkyrtvp9eWW6A8Y"), None);
    assert_eq!(said("6NF9ibllwQVp33WDkTkyrtxp9eWX6B8Z"), Some(Medium));
}

#[test]
fn a_comment_above_a_private_key_that_warns_of_it_is_believed() {
    const KEY: &str = "-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1190:\n}\n-----END RSA PRI‸VATE KEY-----\n";
    let below =
        |head: &str| confidence("private-key-pem", &format!("⟪conf/site.pem⟫\n{head}{KEY}"), 2, Aspect::Content);
    assert_eq!(
        below("# These are insecure development keys, they should\n# not be used in production.\nkey: |\n"),
        Some(Low)
    );
    assert_eq!(below("secret-key-bogus (1): |\n"), Some(Low));
    assert_eq!(below("# The key of the load balancer\nkey: |\n"), Some(Medium));
}

#[test]
fn words_that_the_base64_of_a_private_key_spells_say_nothing() {
    let key = fill(
        "private-key-pem",
        0,
        1,
        "-----BEGIN RSA PRI‸VATE KEY-----\n%{der:1190:\n}\n-----END RSA PRI‸VATE KEY-----\n",
    );
    let text = String::from_utf8(key.text).expect("it is text");
    let (head, tail) = text.split_at(text.len() / 2);
    let (kept, cut) = head.split_at(head.len() - 4);
    assert!(!cut.contains('\n'));
    let spelled = format!("⟪conf/site.key⟫\n{kept}fAkE{tail}");
    assert_eq!(confidence("private-key-pem", &spelled, 0, Aspect::Content), Some(Medium));
}

#[test]
fn a_key_store_of_ones_own_machine_is_low() {
    let store = |alias: &str| {
        let name = alias.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        let text = format!(
            "⟪conf/broker.ks⟫\n%{{bytes:feedfeed00000002000000010000000100{:02x}{name}000001a2013901e800000500}}%{{bytes:308204fc300e060a2b060104012a02110101050004‸8204e8}}%{{random:60}}%{{random:900}}",
            alias.len()
        );
        confidence("keystore-java-key", &text, 3, Aspect::Content)
    };
    assert_eq!(store("broker-localhost"), Some(Low));
    assert_eq!(store("broker-east"), Some(Medium));
}

#[test]
fn what_other_lines_say_of_a_host_is_not_said_of_an_address_that_names_its_own() {
    all_are(
        &[
            (
                "url-database-password",
                "⟪local.sh⟫\n#export URL=postgres://app:%{password:14}@db.acme.io:5432/shop\nexport A=postgres://localhost/shop\n",
                Medium,
            ),
            (
                "url-database-password",
                "⟪local.sh⟫\nexport URL=postgres://app:%{password:14}@db/shop\nexport A=postgres://localhost/shop\n",
                Low,
            ),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_tool_among_translations_is_a_program() {
    let opened = "new PDO(\"mysql:host=db.acme.io;dbname=shop\", 'shop', '%{password:12}');\n";
    for (path, expected) in [("i18n/_tools/collect.php", Medium), ("i18n/de/collect.php", Low)] {
        let text = format!("⟪{path}⟫\n{opened}");
        assert_eq!(confidence("database-php-connect-password", &text, 1, Aspect::Content), Some(expected), "{path}");
    }
}

#[test]
fn a_token_beside_its_key_is_of_an_app_that_signs_itself_in() {
    const PATH: &str = "src/main/java/acme/Courier.java";
    let text =
        |token: &str, key: &str| format!("⟪{PATH}⟫\n  final static String {token};\n  final static String {key};\n");
    let of = |rule, text: &str| confidence(rule, text, 1, Aspect::Content);
    let both = text("APP_TOKEN = \"%{alnum:33}\"", "APP_KEY = \"%{alnum:65}\"");
    assert_eq!((of("generic-token", &both), of("generic-api-key", &both)), (Some(Medium), Some(Medium)));
    for other in ["APP_KEY = \"shop\"", "APP_KEY = key()", "SHOP_KEY = \"%{alnum:65}\"", "APP_NAME = \"%{alnum:65}\""] {
        assert_eq!(of("generic-token", &text("APP_TOKEN = \"%{alnum:33}\"", other)), Some(Low), "{other}");
    }
}
