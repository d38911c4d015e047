/*
 * The shapes, each from what its issuer published.
 */
#include "secret_inside.h"

#define ROW(kind, prefix, form, distinct, flags)                               \
	{                                                                      \
		kind, prefix, form, distinct, flags                            \
	}

#define GITHUB "a GitHub token"
#define GITLAB "a GitLab token"
#define SLACK "a Slack token"
#define STRIPE "a Stripe key"
#define OCEAN "a DigitalOcean token"
#define SHOPIFY "a Shopify token"
#define AWS_SECRET "an AWS secret access key"
#define BARE "a private key in base64"
#define MIXED SECRET_MIXED
#define ANYWHERE SECRET_ANYWHERE
#define KEY SECRET_KEY

/* Sorted by the first byte of the prefix: secret.c takes runs of them. */
const struct secret_shape secret_shapes[] = {
    /* RFC 7517, 7518: member "d" of a key is its private part. */
    ROW("a private JSON Web Key", "\"d\"", "~%w43-800", 20,
        ANYWHERE | SECRET_WEB_KEY),
    /* HCP Terraform, "API tokens". */
    ROW("a Terraform token", ".atlasv1.", "%w60-80", 20, ANYWHERE),
    /* core.telegram.org/bots: number, colon, 35 characters. */
    ROW("a Telegram bot token", ":AA", "%w33", 16,
        ANYWHERE | SECRET_BOT_BEFORE),
    /* age(1): Bech32, upper case, of 32 bytes. */
    ROW("an age secret key", "AGE-SECRET-KEY-1", "%q58", 14, 0),
    /* AWS IAM, "Unique identifiers"; awslabs/git-secrets. */
    ROW("an AWS access key id", "AKIA", "%A16", 8, 0),
    ROW("an AWS access key id", "ASIA", "%A16", 8, 0),
    /* Google Cloud, "API keys". */
    ROW("a Google API key", "AIza", "%w35", 14, MIXED),
    /* Azure Storage, "Connection strings": 64 bytes in base64. */
    ROW("an Azure storage key", "AccountKey=", "%b86==", 24, 0),
    /* Atlassian, "API tokens". */
    ROW("an Atlassian token", "ATATT3", "%e100-400", 24, 0),
    /* Google Identity, "OAuth client credentials". */
    ROW("a Google OAuth client secret", "GOCSPX-", "%w28", 12, MIXED),
    /* RFC 8410, RFC 5915 and RFC 5958: Ed25519, P-256, P-384. */
    ROW(BARE, "MC4CAQAwBQYDK2VwBCIEI", "%b43", 20, KEY),
    ROW(BARE, "MHcCAQEEI", "%b40-200", 20, KEY),
    ROW(BARE, "MIGkAgEBBD", "%b48-200", 20, KEY),
    ROW(BARE, "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBD", "%b17-100", 10,
        KEY),
    ROW(BARE, "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", "%b16-100",
        10, KEY),
    /* RFC 8017: PKCS#1 of 2048 bits and more, of 1024; PKCS#8 of both. */
    ROW(BARE, "MII", "%b3IBAAKBg%b40-100", 20, KEY),
    ROW(BARE, "MII", "%b3IBAAKCA%b40-100", 20, KEY),
    ROW(BARE, "MII", "%b3IBADANBgkqhkiG9w0BAQEFAASC%b20-100", 20, KEY),
    /* New Relic, "User keys". */
    ROW("a New Relic key", "NRAK-", "%A27", 10, 0),
    /* Postman, "API keys". */
    ROW("a Postman key", "PMAK-", "%h24-%h34", 10, 0),
    /* PuTTY, "PPK file format". */
    ROW("a PuTTY private key", "Private-Lines:", "~%d1-3^%b20-100", 12, 0),
    /* SendGrid, "API keys": two parts in base64url. */
    ROW("a SendGrid key", "SG.", "%w22.%w43", 20, 0),
    /* Twilio, "API keys": SK and 32 hex digits. */
    ROW("a Twilio API key", "SK", "%h32", 9, MIXED),
    /* Azure Service Bus and IoT Hub, "Connection strings". */
    ROW("an Azure access key", "SharedAccessKey=", "%b43=", 18, 0),
    /* ~/.aws/credentials, environment, and the API's own answer. */
    ROW(AWS_SECRET, "SECRET_ACCESS_KEY", "~%b40", 20, ANYWHERE | MIXED),
    ROW(AWS_SECRET, "SecretAccessKey", "~%b40", 20, ANYWHERE | MIXED),
    /* PROTOCOL.key of OpenSSH: "openssh-key-v1" and a NUL. */
    ROW(BARE, "b3BlbnNzaC1rZXktdjEA", "%b40-100", 16, KEY),
    /* crates.io, "API tokens". */
    ROW("a crates.io token", "cio", "%a32", 14, MIXED),
    /* Databricks, "Personal access tokens". */
    ROW("a Databricks token", "dapi", "%h32", 9, MIXED),
    /* Discord, "Webhooks". */
    ROW("a Discord webhook", "discord.com/api/webhooks/", "%d17-20/%w60-80", 20,
        0),
    ROW("a Discord webhook", "discordapp.com/api/webhooks/", "%d17-20/%w60-80",
        20, 0),
    /* Docker, "Personal access tokens". */
    ROW("a Docker token", "dckr_pat_", "%w27", 12, 0),
    /* DigitalOcean, "Token formats": personal, OAuth, refresh. */
    ROW(OCEAN, "doo_v1_", "%h64", 10, MIXED),
    ROW(OCEAN, "dop_v1_", "%h64", 10, MIXED),
    ROW(OCEAN, "dor_v1_", "%h64", 10, MIXED),
    /* Doppler, "Personal tokens". */
    ROW("a Doppler token", "dp.pt.", "%a43", 16, MIXED),
    /* GitHub, "About authentication": 30 characters and their checksum. */
    ROW(GITHUB, "gho_", "%a36", 14, MIXED | SECRET_CHECKSUM),
    ROW(GITHUB, "ghp_", "%a36", 14, MIXED | SECRET_CHECKSUM),
    ROW(GITHUB, "ghr_", "%a36-80", 14, MIXED | SECRET_CHECKSUM),
    ROW(GITHUB, "ghs_", "%a36", 14, MIXED | SECRET_CHECKSUM),
    ROW(GITHUB, "ghu_", "%a36", 14, MIXED | SECRET_CHECKSUM),
    ROW(GITHUB, "github_pat_", "%a22_%a59", 20, MIXED),
    /* GitLab, "Token overview": prefixes. */
    ROW(GITLAB, "glagent-", "%w40-300", 14, 0),
    ROW(GITLAB, "gldt-", "%w20-300", 12, 0),
    ROW(GITLAB, "glimt-", "%w20-300", 12, 0),
    ROW(GITLAB, "gloas-", "%w40-300", 12, 0),
    ROW(GITLAB, "glpat-", "%w20-300", 12, 0),
    ROW(GITLAB, "glptt-", "%w40-300", 10, 0),
    ROW(GITLAB, "glrt-", "%w20-300", 12, 0),
    ROW(GITLAB, "glsoat-", "%w20-300", 12, 0),
    /* Grafana, "Service accounts", "Access policies". */
    ROW("a Grafana token", "glc_eyJ", "%b40-400", 14, 0),
    ROW("a Grafana token", "glsa_", "%a32_%x8", 14, MIXED),
    /* Hugging Face, "User access tokens". */
    ROW("a Hugging Face token", "hf_", "%a34", 14, MIXED),
    /* Slack, "Incoming webhooks". */
    ROW("a Slack webhook", "hooks.slack.com/services/T",
        "%A7-14/B%A7-14/%a24-26", 14, MIXED),
    /* HashiCorp Vault, "Tokens": service, batch. */
    ROW("a Vault token", "hvb.", "%w90-400", 20, 0),
    ROW("a Vault token", "hvs.", "%w24-400", 14, MIXED),
    /* Mailgun, "API keys". */
    ROW("a Mailgun key", "key-", "%h32", 9, MIXED | SECRET_NO_DASH),
    /* Linear, "Personal API keys". */
    ROW("a Linear key", "lin_api_", "%a40", 16, MIXED),
    /* npm, "About access tokens": 30 characters and their checksum. */
    ROW("an npm token", "npm_", "%a36", 14, MIXED | SECRET_CHECKSUM),
    /* PyPI, "API tokens": a macaroon for pypi.org or test.pypi.org. */
    ROW("a PyPI token", "pypi-AgEIcHlwaS5vcmc", "%w50-900", 20, 0),
    ROW("a PyPI token", "pypi-AgENdGVzdC5weXBpLm9yZw", "%w50-900", 20, 0),
    /* Stripe, "API keys": live, secret and restricted. */
    ROW(STRIPE, "rk_live_", "%a20-200", 12, MIXED),
    /* RubyGems, "API keys". */
    ROW("a RubyGems key", "rubygems_", "%h48", 10, MIXED),
    ROW(AWS_SECRET, "secretAccessKey", "~%b40", 20, ANYWHERE | MIXED),
    ROW(AWS_SECRET, "secret_access_key", "~%b40", 20, ANYWHERE | MIXED),
    /* Shopify, "Access tokens". */
    ROW(SHOPIFY, "shpat_", "%x32", 9, MIXED),
    ROW(SHOPIFY, "shpca_", "%x32", 9, MIXED),
    ROW(SHOPIFY, "shppa_", "%x32", 9, MIXED),
    ROW(SHOPIFY, "shpss_", "%x32", 9, MIXED),
    /* Anthropic, OpenAI, OpenRouter, "API keys". */
    ROW("an Anthropic key", "sk-ant-", "%w60-200", 20, MIXED),
    ROW("an OpenAI key", "sk-admin-", "%w40-250", 20, MIXED),
    ROW("an OpenAI key", "sk-proj-", "%w40-250", 20, MIXED),
    ROW("an OpenAI key", "sk-svcacct-", "%w40-250", 20, MIXED),
    ROW("an OpenRouter key", "sk-or-v1-", "%h64", 10, MIXED),
    ROW("an OpenAI key", "sk-", "%a48", 18, MIXED | SECRET_NO_DASH),
    ROW(STRIPE, "sk_live_", "%a20-200", 12, MIXED),
    /* Sentry, "Auth tokens": organisation, user. */
    ROW("a Sentry token", "sntrys_eyJ", "%b80-400_%b43", 20, 0),
    ROW("a Sentry token", "sntryu_", "%h64", 10, MIXED),
    /* Square, "Access tokens". */
    ROW("a Square token", "sq0atp-", "%w22", 10, 0),
    ROW("a Square token", "sq0csp-", "%w43", 16, 0),
    /* Tailscale, "Key prefixes". */
    ROW("a Tailscale key", "tskey-api-", "%a8-24-%a20-60", 14, MIXED),
    ROW("a Tailscale key", "tskey-auth-", "%a8-24-%a20-60", 14, MIXED),
    /* Slack, "Token types": app, bot, user, workspace, refresh. */
    ROW(SLACK, "xapp-1-", "%s40-250", 14, MIXED),
    ROW(SLACK, "xoxa-", "%s20-250", 10, MIXED),
    ROW(SLACK, "xoxb-", "%s20-250", 10, MIXED),
    ROW(SLACK, "xoxe-", "%s40-250", 14, MIXED),
    ROW(SLACK, "xoxp-", "%s20-250", 10, MIXED),
    ROW(SLACK, "xoxr-", "%s20-250", 10, MIXED),
    ROW(SLACK, "xoxs-", "%s20-250", 10, MIXED),
};

const size_t secret_shape_count =
    sizeof(secret_shapes) / sizeof(secret_shapes[0]);
