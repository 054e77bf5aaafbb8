/** Names before planted secrets, whose values nothing else tells. */

/** What is known by the name before it alone. */
export const secretNames: readonly string[] = [
  'password',
  'user_password',
  'newPassword',
  'token',
  'access_token',
  'refreshToken',
  'secret',
  'client_secret',
  'apiKey',
  'api_key',
  'ssn',
  'card',
  'cardNumber',
  'cvv',
  'iban',
  'email',
  'phone',
  'mobile',
  'csrf_token',
  'sessionId',
  'otp',
  'pin',
  'taxId',
  'dateOfBirth',
  'bankAccount',
  'securityAnswer',
  'salt',
  'recoveryCode',
  'nationalId',
  'code_verifier',
  'nickname',
]

/** Names given by `shadow.redact`. */
export const ownNames: readonly string[] = ['nickname']

export const headerNames: readonly string[] = [
  'Authorization',
  'Proxy-Authorization',
  'X-Api-Key',
  'X-Auth-Token',
  'X-CSRF-Token',
  'Api-Key',
  'X-Session-Id',
  'X-Forwarded-For',
  'X-Client-Secret',
  'X-Amz-Security-Token',
  'Ocp-Apim-Subscription-Key',
  'X-Functions-Key',
  'Authentication',
  'Remote-User',
  'X-Client-Cert',
]
