//! The secrets that open a simulated centre, different for each seed.

use fastrand::Rng;

use super::world::person::version_4;

/// What a client needs. Nothing here opens anything real, so these are plain strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Convoso's token.
    pub auth_token: String,
    /// CxEngage's tenant.
    pub tenant_id: String,
    /// CxEngage's user.
    pub username: String,
    /// CxEngage's password; it has the characters that break a URL.
    pub password: String,
    /// The WFM's whole cookie, `name=value`, as it is at first; its answers renew it.
    pub session_cookie: String,
    /// sip.io's key.
    pub api_key: String,
}

impl Credentials {
    /// The secrets of the centre with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x5ec2_e715);
        let mut word = |length| -> String { (0..length).map(|_| rng.alphanumeric()).collect() };
        let (auth_token, password, cookie) = (word(32), word(12), word(48));
        let api_key = format!("sk_{}", word(32));
        Self {
            auth_token,
            tenant_id: version_4(&mut rng).to_string(),
            username: "rta@example.com".into(),
            password: format!("P#a@s:{password}"),
            session_cookie: format!("next-auth.session-token={cookie}"),
            api_key,
        }
    }

    /// What the `Authorization` header must be for CxEngage.
    #[must_use]
    pub fn basic(&self) -> String {
        format!("Basic {}", base64(format!("{}:{}", self.username, self.password).as_bytes()))
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut padded = [0_u8; 4];
        padded[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(padded);
        for place in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(symbol) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_every_length() {
        assert_eq!(base64(b"light work."), "bGlnaHQgd29yay4=");
        assert_eq!(base64(b"light work"), "bGlnaHQgd29yaw==");
        assert_eq!(base64(b"light wor"), "bGlnaHQgd29y");
    }

    #[test]
    fn seeds_have_different_secrets_and_the_same_seed_the_same() {
        assert_eq!(Credentials::new(7), Credentials::new(7));
        assert_ne!(Credentials::new(7).auth_token, Credentials::new(8).auth_token);
    }
}
