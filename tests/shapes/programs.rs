//! A program in each language, with the key in six shapes: a plain assignment, the argument of a call, inside a URL,
//! concatenated, in a map, and beside an import of what the mended line needs (the second head).

/// A program, `KEY!` for the key.
pub struct Program {
    pub path: &'static str,
    /// What stands before the body: without the import that the mended line needs, and with it. Equal where the
    /// language needs none.
    pub heads: [&'static str; 2],
    pub body: &'static str,
    /// How `parses.py` reads it.
    pub grammar: &'static str,
}

const fn program(path: &'static str, grammar: &'static str, heads: [&'static str; 2], body: &'static str) -> Program {
    Program { path, heads, body, grammar }
}

pub const PROGRAMS: &[Program] = &[
    program(
        "mail.py",
        "python",
        ["\"\"\"Sends.\"\"\"\nimport sys\n", "import os\nimport sys\n"],
        "key = \"KEY!\"\nprint(key)\nprint('KEY!')\nurl = 'https://example.com/send?key=KEY!&x=1'\nprint(url)\nprint(\"Bearer \" + 'KEY!' + \
         \"!\")\nsettings = {\n    'user': 'apikey',\n    'password': 'KEY!',\n}\nprint(settings['password'])\nprint(f\"Bearer KEY! {len(sys.argv)}\")\n",
    ),
    program(
        "mail.js",
        "javascript",
        ["'use strict';\n", "const os = require('os');\n"],
        "const key = 'KEY!';\nconsole.log(key);\nconsole.log(\"KEY!\");\nconst url = 'https://example.com/send?key=KEY!&x=1';\nconsole.log(url);\n\
         console.log('Bearer ' + 'KEY!' + '!');\nconst settings = {\n  user: 'apikey',\n  pass: 'KEY!',\n};\nconsole.log(settings.pass);\n\
         console.log(`Bearer KEY! ${settings.user}`);\n",
    ),
    program(
        "mail.mjs",
        "javascript",
        ["", "import process from 'node:process';\n"],
        "const key = 'KEY!';\nexport const url = \"smtps://apikey:KEY!@smtp.example.com:465\";\nconsole.log(key, url, ['KEY!'], new Map([['a', 'KEY!']]));\n\
         console.log(('KEY!').length, 'a' + 'KEY!');\nexport default { pass: 'KEY!' };\n",
    ),
    program(
        "mail.ts",
        "typescript",
        [
            "declare const process: { env: Record<string, string | undefined> };\n",
            "declare const process: { env: Record<string, string | undefined> };\n",
        ],
        "const key: string = 'KEY!';\nfunction send(k: string): string { return k; }\nsend(\"KEY!\");\n\
         const url: string = 'https://example.com/send?key=KEY!&x=1';\nconst header: string = 'Bearer ' + 'KEY!';\n\
         const settings: { [name: string]: string } = { user: 'apikey', pass: 'KEY!' };\nlet optional: string | undefined = 'KEY!';\n\
         const known = 'KEY!' as string;\nexport { key, url, header, settings, optional, known };\n",
    ),
    program(
        "supabase/functions/mail/index.ts",
        "typescript",
        [
            "declare const Deno: { env: { get(name: string): string | undefined } };\n",
            "declare const Deno: { env: { get(name: string): string | undefined } };\n",
        ],
        "const key: string = 'KEY!';\nfunction send(k: string): string { return k; }\nsend(\"KEY!\");\n\
         const url: string = 'https://example.com/send?key=KEY!&x=1';\nconst header: string = 'Bearer ' + 'KEY!';\n\
         const settings: { [name: string]: string } = { user: 'apikey', pass: 'KEY!' };\nexport { key, url, header, settings };\n",
    ),
    program(
        "mail.rb",
        "ruby",
        ["require 'uri'\n", "# frozen_string_literal: true\n"],
        "key = 'KEY!'\nputs key\nputs 'KEY!'\nputs \"KEY!\".length\nurl = 'https://example.com/send?key=KEY!&x=1'\nputs url\nputs 'Bearer ' + 'KEY!' + '!'\n\
         settings = { user: 'apikey', password: 'KEY!' }\nputs settings[:password]\nold = { :user_name => 'apikey', :password => \"KEY!\" }\n\
         puts old[:password]\nputs \"Bearer KEY! #{key.length}\"\nputs \"a\" \\\n  'KEY!'\n",
    ),
    program(
        "mail.php",
        "php",
        ["<?php\n", "<?php\n\nuse Example\\Mail;\n"],
        "$key = 'KEY!';\necho $key, \"\\n\";\nprintf(\"%s\\n\", \"KEY!\");\n$url = 'https://example.com/send?key=KEY!&x=1';\necho $url, \"\\n\";\n\
         echo 'Bearer ' . 'KEY!' . \"!\\n\";\n$settings = [\n    'user' => 'apikey',\n    'pass' => 'KEY!',\n];\necho $settings['pass'], \"\\n\";\n\
         $x = 1;\necho \"Bearer KEY! $x\\n\";\necho \"Bearer KEY! {$settings['user']}\\n\";\ndefine('SMTP_LOGIN', 'KEY!');\n",
    ),
    program(
        "config/services.php",
        "php",
        [
            "<?php\n\nfunction env(string $name, ?string $default = null): ?string\n{\n    return $_SERVER[$name] ?? $default;\n}\n\n",
            "<?php\n\nuse Illuminate\\Support\\Str;\n\nfunction env(string $name, ?string $default = null): ?string\n{\n    return $_SERVER[$name] ?? $default;\n}\n\n",
        ],
        "return [\n    'sendgrid' => [\n        'api_key' => 'KEY!',\n        'url' => 'https://example.com/send?key=KEY!&x=1',\n        'header' => 'Bearer ' . 'KEY!',\n\
         \x20       'other' => env('SENDGRID_API_KEY', 'KEY!'),\n        'call' => trim('KEY!'),\n        'text' => \"Bearer KEY!\",\n    ],\n];\n",
    ),
    program(
        "mail.go",
        "go",
        [
            "package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\n",
            "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"strings\"\n)\n\nvar _ = os.Args\n\n",
        ],
        "var key = \"KEY!\"\n\nfunc main() {\n\tfmt.Println(key)\n\tfmt.Println(strings.TrimSpace(\"KEY!\"))\n\turl := \"https://example.com/send?key=KEY!&x=1\"\n\
         \tfmt.Println(url)\n\tfmt.Println(\"Bearer \" + \"KEY!\" + \"!\")\n\tsettings := map[string]string{\n\t\t\"user\": \"apikey\",\n\t\t\"pass\": \"KEY!\",\n\t}\n\
         \tfmt.Println(settings[\"pass\"])\n\tfmt.Println(`Bearer KEY!`)\n}\n",
    ),
    program(
        "Mail.java",
        "java",
        ["import java.util.Map;\n\n", "import static java.lang.System.getenv;\nimport java.util.Map;\n\n"],
        "class Mail {\n    static final String KEY = \"KEY!\";\n    private final String url = \"https://example.com/send?key=KEY!&x=1\";\n\n\
         \x20   public static void main(String[] args) {\n        System.out.println(KEY);\n        System.out.println(\"KEY!\".trim());\n\
         \x20       System.out.println(new Mail().url);\n        String header = \"Bearer \" + \"KEY!\" + \"!\";\n        System.out.println(header);\n\
         \x20       Map<String, String> settings = Map.of(\"user\", \"apikey\", \"pass\", \"KEY!\");\n        System.out.println(settings.get(\"pass\"));\n    }\n}\n",
    ),
    program(
        "mail.kt",
        "kotlin",
        ["", "import kotlin.text.trim\n\n"],
        "val key = \"KEY!\"\n\nclass Mail(val token: String = \"KEY!\")\n\nfun main() {\n    println(key)\n    println(\"KEY!\".trim())\n    println(Mail().token)\n\
         \x20   println(\"https://example.com/send?key=KEY!&x=1\")\n    println(\"Bearer \" + \"KEY!\" + \"!\")\n\
         \x20   val settings = mapOf(\"user\" to \"apikey\", \"pass\" to \"KEY!\")\n    println(settings[\"pass\"])\n    println(\"Bearer KEY! ${settings.size}\")\n}\n",
    ),
    program(
        "mail.scala",
        "scala",
        ["", "import scala.sys.env\n\n"],
        "object Main {\n  val key = \"KEY!\"\n  def main(args: Array[String]): Unit = {\n    println(key)\n    println(\"KEY!\".trim)\n\
         \x20   println(\"https://example.com/send?key=KEY!&x=1\")\n    println(\"Bearer \" + \"KEY!\" + \"!\")\n\
         \x20   val settings = Map(\"user\" -> \"apikey\", \"pass\" -> \"KEY!\")\n    println(settings(\"pass\"))\n    println(s\"Bearer KEY! ${settings.size}\")\n  }\n}\n",
    ),
    program(
        "mail.groovy",
        "groovy",
        ["", "import java.lang.System\n\n"],
        "def key = 'KEY!'\nprintln key\nprintln('KEY!')\nprintln 'KEY!'\nprintln('https://example.com/send?key=KEY!&x=1')\nprintln('Bearer ' + 'KEY!' + '!')\n\
         def settings = [user: 'apikey', pass: 'KEY!']\nprintln(settings.pass)\nprintln(\"Bearer KEY! ${settings.size()}\")\n",
    ),
    program(
        "Mail.cs",
        "csharp",
        ["using System.Collections.Generic;\n\n", "using System;\nusing System.Collections.Generic;\n\n"],
        "class Mail\n{\n    static readonly string Key = \"KEY!\";\n    string url = \"https://example.com/send?key=KEY!&x=1\";\n\n    public string Token { get; set; } = \"KEY!\";\n\n    static void Main()\n    {\n\
         \x20       System.Console.WriteLine(\"KEY!\".Trim());\n        var header = \"Bearer \" + \"KEY!\" + \"!\";\n\
         \x20       var settings = new Dictionary<string, string> { { \"user\", \"apikey\" }, { \"pass\", \"KEY!\" } };\n        var other = new Dictionary<string, string> { [\"pass\"] = \"KEY!\" };\n        var text = $\"Bearer KEY! {settings.Count}\";\n        System.Console.WriteLine(header + text + @\"C:\\KEY!\");\n    }\n}\n",
    ),
    program(
        "mail.fs",
        "fsharp",
        ["module Mail\n\n", "module Mail\n\nopen System\n\n"],
        "let key = \"KEY!\"\nlet url = \"https://example.com/send?key=KEY!&x=1\"\nlet send (k: string) = k.Trim()\nlet sent = send \"KEY!\"\nlet again = send(\"KEY!\")\n\
         let header = \"Bearer \" + \"KEY!\" + \"!\"\nlet settings = Map.ofList [ (\"user\", \"apikey\"); (\"pass\", \"KEY!\") ]\nlet table = dict [ \"pass\", \"KEY!\" ]\n",
    ),
    program(
        "mail.rs",
        "rust",
        [
            "use std::collections::HashMap;\n\n",
            "use std::collections::HashMap;\nuse std::env;\n\npub fn all() -> usize {\n    env::args().count()\n}\n\n",
        ],
        "fn send(key: &str) -> String {\n    key.trim().to_string()\n}\n\nfn main() {\n    let key = \"KEY!\";\n    println!(\"{key}\");\n    println!(\"{}\", send(\"KEY!\"));\n\
         \x20   let owned = \"KEY!\".to_string();\n    println!(\"{}\", owned + \"!\");\n    let url = format!(\"https://example.com/send?key={}&x=1\", \"KEY!\");\n    println!(\"{url}\");\n\
         \x20   let header = String::from(\"Bearer \") + \"KEY!\";\n    println!(\"{header}\");\n    let settings = HashMap::from([(\"pass\", \"KEY!\".to_string())]);\n\
         \x20   println!(\"{}\", settings[\"pass\"]);\n}\n",
    ),
    program(
        "mail.exs",
        "elixir",
        ["", "import Kernel\n\n"],
        "key = \"KEY!\"\nIO.puts(key)\nIO.puts(\"KEY!\")\nIO.puts \"KEY!\"\nIO.puts(\"https://example.com/send?key=KEY!&x=1\")\nIO.puts(\"Bearer \" <> \"KEY!\" <> \"!\")\n\
         settings = %{\"user\" => \"apikey\", \"pass\" => \"KEY!\", x: \"KEY!\"}\nIO.puts(settings[\"pass\"])\n",
    ),
    program(
        "mail.erl",
        "erlang",
        ["-module(mail).\n-export([main/0]).\n\n", "-module(mail).\n-export([main/0]).\n-import(os, [getenv/1]).\n\n"],
        "main() ->\n    Key = \"KEY!\",\n    io:format(\"~s~n\", [Key]),\n    io:format(\"~s~n\", [string:trim(\"KEY!\")]),\n    Url = \"https://example.com/send?key=KEY!&x=1\",\n\
         \x20   Header = \"Bearer \" ++ \"KEY!\" ++ \"!\",\n    Settings = #{user => \"apikey\", pass => \"KEY!\"},\n    io:format(\"~s~s~p~n\", [Url, Header, Settings]).\n",
    ),
    program(
        "mail.swift",
        "swift",
        ["", "import Foundation\n\n"],
        "func send(_ key: String) -> String { return key }\n\nlet key = \"KEY!\"\nlet sent = send(\"KEY!\")\nlet url = \"https://example.com/send?key=KEY!&x=1\"\n\
         let header = \"Bearer \" + \"KEY!\" + \"!\"\nlet settings = [\"user\": \"apikey\", \"pass\": \"KEY!\"]\nlet text = \"Bearer KEY! \\(settings.count)\"\n",
    ),
    program(
        "mail.m",
        "objc",
        [
            "#import <Foundation/Foundation.h>\n\n",
            "#import <Foundation/Foundation.h>\n#import <Foundation/NSProcessInfo.h>\n\n",
        ],
        "int main(void) {\n    NSString *key = @\"KEY!\";\n    NSLog(@\"%@\", @\"KEY!\");\n    NSDictionary *settings = @{ @\"user\": @\"apikey\", @\"pass\": @\"KEY!\" };\n\
         \x20   [mail send:@\"KEY!\"];\n    NSArray *all = @[ @\"KEY!\" ];\n    mail.key = @\"KEY!\";\n    return 0;\n}\n",
    ),
    program(
        "mail.dart",
        "dart",
        ["", "import 'dart:io';\n\n"],
        "String send(String key) => key.trim();\n\nfinal key = 'KEY!';\n\nvoid main() {\n  print(key);\n  print(send('KEY!'));\n  print('https://example.com/send?key=KEY!&x=1');\n\
         \x20 print('Bearer ' + 'KEY!' + '!');\n  final settings = {'user': 'apikey', 'pass': 'KEY!'};\n  print(settings['pass']);\n  print(\"Bearer KEY! ${settings.length}\");\n}\n",
    ),
    program(
        "mail.pl",
        "perl",
        ["use strict;\nuse warnings;\n", "use strict;\nuse warnings;\nuse Env;\n"],
        "my $key = 'KEY!';\nprint \"$key\\n\";\nprint join(',', \"KEY!\"), \"\\n\";\nmy $url = 'https://example.com/send?key=KEY!&x=1';\nprint \"$url\\n\";\nprint 'Bearer ' . 'KEY!' . \"!\\n\";\n\
         my %settings = (\n    user => 'apikey',\n    pass => 'KEY!',\n);\nprint $settings{pass}, \"\\n\";\nprint \"Bearer KEY! $settings{user}\\n\";\n",
    ),
    program(
        "mail.lua",
        "lua",
        ["", "local os = require('os')\n"],
        "local key = 'KEY!'\nprint(key)\nprint(\"KEY!\")\nprint 'KEY!'\nlocal url = 'https://example.com/send?key=KEY!&x=1'\nprint(url)\nprint('Bearer ' .. 'KEY!' .. '!')\n\
         local settings = { user = 'apikey', pass = 'KEY!', ['x'] = \"KEY!\" }\nprint(settings.pass)\nprint((\"KEY! x\"):upper():len())\n",
    ),
    program(
        "mail.R",
        "r",
        ["", "library(utils)\n"],
        "key <- \"KEY!\"\ncat(key, \"\\n\")\ncat(trimws('KEY!'), \"\\n\")\nurl <- \"https://example.com/send?key=KEY!&x=1\"\ncat(url, \"\\n\")\ncat(paste0(\"Bearer \", \"KEY!\", \"!\\n\"))\n\
         settings <- list(user = \"apikey\", pass = \"KEY!\")\ncat(settings$pass, \"\\n\")\n",
    ),
    program(
        "mail.clj",
        "clojure",
        ["(ns mail)\n\n", "(ns mail (:import (java.lang System)))\n\n"],
        "(def key* \"KEY!\")\n(println key*)\n(println \"KEY!\")\n(println \"https://example.com/send?key=KEY!&x=1\")\n(println (str \"Bearer \" \"KEY!\" \"!\"))\n\
         (def settings {:user \"apikey\" :pass \"KEY!\"})\n(println (:pass settings))\n",
    ),
    program(
        "mail.c",
        "c",
        ["#include <stdio.h>\n\n", "#include <stdio.h>\n#include <stdlib.h>\n\n"],
        "static void send_mail(const char *key) { puts(key); }\n\nstruct settings { const char *user; const char *pass; };\n\nint main(void) {\n    const char *key = \"KEY!\";\n    puts(key);\n\
         \x20   puts(\"KEY!\");\n    send_mail(\"KEY!\");\n    struct settings settings = { .user = \"apikey\", .pass = \"KEY!\" };\n    puts(settings.pass);\n\
         \x20   printf(\"Bearer %s!\\n\", \"KEY!\");\n    printf(\"https://example.com/send?key=%s&x=1\\n\", \"KEY!\");\n    return 0;\n}\n",
    ),
    program(
        "mail.cpp",
        "cpp",
        [
            "#include <iostream>\n#include <map>\n#include <string>\n\n",
            "#include <cstdlib>\n#include <iostream>\n#include <map>\n#include <string>\n\n",
        ],
        "const std::string key = \"KEY!\";\n\nint main() {\n    std::cout << key << std::endl;\n    std::cout << std::string(\"KEY!\") << std::endl;\n\
         \x20   std::string header = std::string(\"Bearer \") + \"KEY!\" + \"!\";\n    std::cout << header << std::endl;\n\
         \x20   std::map<std::string, std::string> settings = {{\"user\", \"apikey\"}, {\"pass\", \"KEY!\"}};\n    std::cout << settings[\"pass\"] << std::endl;\n\
         \x20   std::cout << \"https://example.com/send?key=\" << \"KEY!\" << \"&x=1\" << std::endl;\n    return 0;\n}\n",
    ),
    program(
        "Mail.vb",
        "",
        ["Imports System.Collections.Generic\n\n", "Imports System\nImports System.Collections.Generic\n\n"],
        "Module Mail\n    Dim key As String = \"KEY!\"\n    Sub Main()\n        Console.WriteLine(\"KEY!\")\n        Dim url = \"https://example.com/send?key=KEY!&x=1\"\n\
         \x20       Dim header = \"Bearer \" & \"KEY!\" & \"!\"\n        Dim settings = New Dictionary(Of String, String) From {{\"pass\", \"KEY!\"}}\n    End Sub\nEnd Module\n",
    ),
    program(
        "send.sh",
        "bash",
        ["#!/bin/sh\n", "#!/bin/bash\nset -euo pipefail\nsource /dev/null\n"],
        "key='KEY!'\necho \"$key\"\necho KEY!\necho \"https://example.com/send?key=KEY!&x=1\"\necho 'Bearer '\"KEY!\"'!'\necho 'Authorization: Bearer KEY!'\n\
         MAIL_PASSWORD=\"KEY!\" sh -c 'echo \"$MAIL_PASSWORD\"'\ncat <<EOF\nuser: apikey\npass: KEY!\nEOF\necho \"${SENDGRID_API_KEY:-KEY!}\"\n",
    ),
    program(
        "send.fish",
        "fish",
        ["", "source /dev/null\n"],
        "set key 'KEY!'\necho $key\necho KEY!\necho \"https://example.com/send?key=KEY!&x=1\"\necho 'Bearer '\"KEY!\"'!'\necho 'Authorization: Bearer KEY!'\nset -x MAIL KEY!\necho $MAIL\n",
    ),
    program(
        "send.ps1",
        "powershell",
        ["", "using namespace System\n"],
        "$key = 'KEY!'\nWrite-Output $key\nWrite-Output \"KEY!\"\n$url = \"https://example.com/send?key=KEY!&x=1\"\nWrite-Output $url\nWrite-Output (\"Bearer \" + 'KEY!' + \"!\")\n\
         $settings = @{ user = 'apikey'; pass = 'KEY!' }\nWrite-Output $settings.pass\n$header = 'Bearer KEY!'\n",
    ),
    program(
        "send.bat",
        "",
        ["@echo off\r\n", "@echo off\r\nsetlocal\r\n"],
        "set KEY=KEY!\r\nset \"OTHER=KEY!\"\r\ncurl -H \"Authorization: Bearer KEY!\" https://example.com\r\ncurl \"https://example.com/send?key=KEY!&x=1\"\r\nsend KEY!\r\necho KEY!\r\n",
    ),
    program(
        "mail.gs",
        "javascript",
        ["", "'use strict';\n"],
        "const key = 'KEY!';\nfunction send() {\n  UrlFetchApp.fetch('https://example.com/send?key=KEY!&x=1');\n  Logger.log('KEY!');\n  return { headers: { Authorization: 'Bearer ' + 'KEY!' }, pass: 'KEY!' };\n}\n",
    ),
    program(
        "main.tf",
        "terraform",
        ["", "variable \"sendgrid_api_key\" {\n  type      = string\n  sensitive = true\n}\n\n"],
        "locals {\n  key    = \"KEY!\"\n  url    = \"https://example.com/send?key=KEY!&x=1\"\n  header = join(\" \", [\"Bearer\", \"KEY!\"])\n  call   = trimspace(\"KEY!\")\n\
         \x20 settings = {\n    user = \"apikey\"\n    pass = \"KEY!\"\n  }\n}\n\noutput \"all\" {\n  value = nonsensitive(join(\",\", [local.key, local.url, local.header, local.call, local.settings.pass]))\n}\n",
    ),
    program(
        "application.conf",
        "",
        ["", "include \"base.conf\"\n"],
        "mail {\n  key = \"KEY!\"\n  other: \"KEY!\"\n  list = [\"KEY!\"]\n  map { pass = \"KEY!\", user = \"apikey\" }\n  url = \"https://example.com/send?key=\"\"KEY!\"\n}\n",
    ),
];
