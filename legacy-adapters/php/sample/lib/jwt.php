<?php
/* HS256 and nothing else; the Ruby side issues the tokens, the secret is shared. */
function base64url_decode($text)
{
    return base64_decode(strtr($text, '-_', '+/'), true);
}

/* The claims of a good token, else null. */
function jwt_claims($token, $secret, $now)
{
    $parts = explode('.', $token);
    if (count($parts) !== 3) {
        return null;
    }
    list($head, $body, $signature) = $parts;
    $header = json_decode((string) base64url_decode($head), true);
    if (!is_array($header) || !isset($header['alg']) || $header['alg'] !== 'HS256') {
        return null;
    }
    $expected = hash_hmac('sha256', $head . '.' . $body, $secret, true);
    if (!hash_equals($expected, (string) base64url_decode($signature))) {
        return null;
    }
    $claims = json_decode((string) base64url_decode($body), true);
    if (!is_array($claims) || (isset($claims['exp']) && $claims['exp'] < $now)) {
        return null;
    }
    return $claims;
}
