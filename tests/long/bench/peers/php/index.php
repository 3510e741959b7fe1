<?php
declare(strict_types=1);

// queues/destinations/statistics/get on the good path, as a PHP engineer would write it for speed: php-fpm with
// opcache, one persistent connection a worker with the statements prepared on it, verified logins in APCu (which all
// workers share). BENCH_QUERIES is the folder of the statements; the database is that of libpq's environment (PGHOST,
// ...).

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json; charset=utf-8');
    header('Cache-Control: no-store');
    header('X-Content-Type-Options: nosniff');
    header('X-Request-ID: ' . ($_SERVER['REQUEST_ID'] ?? ''));
    $text = json_encode($body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
    header('Content-Length: ' . strlen($text));
    echo $text;
    exit;
}

function refuse(int $status, string $key, string $message): never
{
    answer($status, ['responses' => [['code' => (string)$status, 'key' => $key, 'message' => $message]]]);
}

/** Runs a statement, preparing it at its first use on this connection, which outlives the request. */
function query(PgSql\Connection $connection, string $name, array $values): array
{
    $result = @pg_execute($connection, $name, $values);
    if ($result === false) {
        pg_prepare($connection, $name, file_get_contents(getenv('BENCH_QUERIES') . "/$name.sql"));
        $result = pg_execute($connection, $name, $values);
    }
    return pg_fetch_all($result, PGSQL_NUM);
}

function verified(string $username, string $password, string $hash): bool
{
    $key = apcu_entry('key', fn() => random_bytes(32));
    $login = hash_hmac('sha256', serialize([$username, $password, $hash]), $key, true);
    if (apcu_exists($login)) {
        return true;
    }
    return password_verify($password, $hash) && apcu_store($login, true, 900);
}

function number(?string $value): ?int
{
    return $value === null ? null : (int)$value;
}

function average(?string $sum, ?string $known): int|float|null
{
    return (int)$known === 0 ? null : intdiv(200 * (int)$sum + (int)$known, 2 * (int)$known) / 100;
}

function statistics(array $row): array
{
    [
        $destination, $dtype, $dnumber, $talktime_sum, $talktime_min, $talktime_max, $talktime_known,
        $answered, $in_progress, $no_answer, $busy, $cancelled, $answered_elsewhere, $failed,
        $ringtime_sum, $ringtime_min, $ringtime_max, $ringtime_known,
        $holdtime_sum, $holdtime_min, $holdtime_max, $holdtime_known, $first_call, $last_call,
    ] = $row;
    return [
        'dtype' => $dtype,
        'dnumber' => $dnumber,
        'destination' => (int)$destination,
        'calls' => $answered + $no_answer + $busy + $cancelled + $answered_elsewhere + $failed,
        'talktime_sum' => (int)$talktime_sum,
        'talktime_min' => number($talktime_min),
        'talktime_max' => number($talktime_max),
        'talktime_avg' => average($talktime_sum, $talktime_known),
        'calls_answered' => (int)$answered,
        'calls_in_progress' => (int)$in_progress,
        'calls_no_answer' => (int)$no_answer,
        'calls_busy' => (int)$busy,
        'calls_cancelled' => (int)$cancelled,
        'calls_answered_elsewhere' => (int)$answered_elsewhere,
        'calls_failed' => (int)$failed,
        'ringtime_sum' => (int)$ringtime_sum,
        'ringtime_min' => number($ringtime_min),
        'ringtime_max' => number($ringtime_max),
        'ringtime_avg' => average($ringtime_sum, $ringtime_known),
        'holdtime_sum' => (int)$holdtime_sum,
        'holdtime_min' => number($holdtime_min),
        'holdtime_max' => number($holdtime_max),
        'holdtime_avg' => average($holdtime_sum, $holdtime_known),
        'first_call' => number($first_call),
        'last_call' => number($last_call),
    ];
}

parse_str(strtr($_SERVER['QUERY_STRING'], ';', '&'), $parameters);
['auth_username' => $username, 'auth_password' => $password, 'queue' => $queue, 'start' => $start, 'end' => $end] =
    $parameters +
    ['auth_username' => '', 'auth_password' => '', 'queue' => '', 'start' => '0', 'end' => '253402300800'];

$connection = pg_pconnect('');
[$version, $works_with, $token_epoch, $person, $hash, $source_allowed, $active, $login, $user_access] =
    query($connection, 'credentials', [$username, $_SERVER['REMOTE_ADDR']])[0];
if ($person === null || $source_allowed !== 't' || $active !== 't' || !verified($username, $password, $hash)) {
    refuse(401, '', 'The authentication details provided are invalid.');
}
if ($login !== 't' || $user_access === '0') {
    refuse(402, '', 'Your role does not allow this.');
}
foreach (['queue' => $queue, 'start' => $start, 'end' => $end] as $name => $value) {
    if (!ctype_digit($value)) {
        refuse(400, $name, "The $name is invalid.");
    }
}
$rows = query($connection, 'queue_statistics', [$person, $queue, $start, $end]);
if (!$rows) {
    refuse(404, 'queue', 'The queue does not exist, or you do not have permission to view it.');
}
if ($rows[0][0] === null) { // a queue without destinations
    $rows = [];
}
answer(200, [
    'responses' => [['code' => '200', 'key' => '', 'message' => 'OK']],
    'data' => array_map('statistics', $rows),
]);
