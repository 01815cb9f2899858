/** Which files hold secrets, by their name and by the folder they stand in. They are neither listed nor read. */

/** Folders of credentials, wherever they stand: the names of one folder in another, in lower case. */
const FOLDERS: readonly (readonly string[])[] = [
  // Keys and password stores.
  [".ssh"],
  [".gnupg"],
  [".password-store"],
  [".local", "share", "keyrings"],
  ["library", "keychains"],
  [".config", "op"],
  [".config", "sops"],
  [".vault"],
  // Clouds and clusters.
  [".aws"],
  [".azure"],
  [".oci"],
  [".kube"],
  [".config", "gcloud"],
  [".config", "doctl"],
  [".config", "hcloud"],
  [".config", "rclone"],
  [".config", "heroku"],
  [".terraform.d"],
  // Tokens of git's hosts and of other assistants.
  [".config", "gh"],
  [".config", "glab-cli"],
  [".config", "hub"],
  [".config", "git", "credentials"],
  [".config", "github-copilot"],
  [".docker", "config.json"],
  // Browsers keep cookies, which open accounts.
  [".mozilla"],
  [".config", "google-chrome"],
  [".config", "chromium"],
  [".config", "bravesoftware"],
  // Orch's own keys, history, conversations and trust.
  [".config", "orch"],
  [".local", "state", "orch"],
  ["orch", "history.jsonl"],
  ["orch", "trust.json"],
];

/** Names that hold secrets in any folder. */
const NAMES: readonly RegExp[] = [
  /^(?:\.env(?:\..+)?|.+\.env|\.envrc)$/,
  /^(?:\.npmrc|\.netrc|_netrc|\.pypirc|\.pgpass|\.my\.cnf|\.s3cfg|\.boto|\.dockercfg|\.dockerconfigjson|\.htpasswd)$/,
  /^(?:\.git-credentials|\.vault-token|\.vault_pass|\.rclone\.conf|rclone\.conf|kubeconfig|.+\.kubeconfig)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  /\.(?:pem|key|p12|pfx|keystore|jks|kdbx|ppk|ovpn)$/,
  /\.tfvars(?:\.json)?$|\.tfstate(?:\.backup)?$/,
  // What was typed, with the passwords that were typed in the wrong place.
  /^\..+_history$|^(?:fish_history|\.histfile|\.zhistory|\.lesshst|\.viminfo)$/,
  /^(?:\.?credentials|.+[-_]credentials|client_secret.*|service[-_]?account.*)(?:\.(?:json|ya?ml|toml|ini|csv))?$/,
  /^\.?secrets?(?:\.[\w-]+)*(?:\.(?:json|ya?ml|toml|ini|env|properties|txt))$|^\.secrets?$/,
  /^(?:auth|oauth_creds|application_default_credentials)\.json$/,
];

/** Files that show what the real one looks like. */
const EXAMPLES = /\.(?:example|sample|template|dist)$/;

/** Tells whether the file or folder at `path`, or a folder it stands in, holds secrets. `path` is best absolute. */
export function isSecretPath(path: string): boolean {
  const parts = path.toLowerCase().split(/[/\\]+/);
  const name = parts.at(-1) ?? "";
  if (!EXAMPLES.test(name) && NAMES.some((pattern) => pattern.test(name))) return true;
  return FOLDERS.some((folder) => holds(parts, folder));
}

function holds(parts: readonly string[], folder: readonly string[]): boolean {
  const at = (start: number): boolean => folder.every((part, index) => parts[start + index] === part);
  return parts.some((part, start) => part === folder[0] && at(start));
}
