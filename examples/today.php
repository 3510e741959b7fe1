#!/usr/bin/env php
<?php
// today.php URL USERNAME [START [END]], with the password in PASSWORD: how each queue of the person's customer did,
// from START until END (Unix seconds; without them since midnight). URL is the server's, such as
// https://pbx.example.com

/** The data of a function's answer. A POST keeps passwords and tokens out of the URL. */
function ask(string $url, string $function, array $parameters)
{
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($parameters),
        'timeout' => 20,
        'ignore_errors' => true, // the body of a refusal says why
    ]]);
    $body = file_get_contents("$url/api/json/$function/", false, $context);
    if ($body === false) exit(1);
    $answer = json_decode($body, true, 32, JSON_THROW_ON_ERROR);
    if (array_key_exists('data', $answer)) return $answer['data'];
    foreach ($answer['responses'] as ['key' => $key, 'message' => $message])
        fwrite(STDERR, ($key === '' ? '' : "$key: ") . "$message\n");
    exit(1);
}

[, $url, $username] = $argv;
$period = ['start' => $argv[3] ?? strtotime('today'), 'end' => $argv[4] ?? ''];

$login = ['auth_username' => $username, 'auth_password' => getenv('PASSWORD'), 'token' => 1];
$token = ask($url, 'user/login', $login)['auth_token'];
printf("%-24s %8s %8s %8s %8s\n", 'queue', 'calls', 'answered', 'waiting', '% in 20s');
foreach (ask($url, 'queues/list', ['auth_token' => $token]) as $queue) {
    $figures = ask($url, 'queues/statistics/get',
        ['auth_token' => $token, 'id' => $queue['id'], 'service_level' => 20] + $period);
    $blanks = str_repeat(' ', max(0, 24 - iconv_strlen($queue['name'], 'UTF-8'))); // printf counts bytes
    printf("%s %8d %8d %8d %8s\n", $queue['name'] . $blanks, $figures['calls'], $figures['calls_answered'],
        $figures['calls_waiting'], $figures['service_levels'][0]['percent'] ?? '-');
}
