//! The client: every protection that a request needs, in one place.

use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, ClientBuilder, RequestBuilder, Url};
use secrecy::SecretString;

use super::error::reason;
use super::hidden::Hidden;
use super::{Answer, Error};
use crate::clock::Clock;

/// The largest body that is read, decompressed: a floor of 10,000 agents is about 8 MiB.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// How long a connection may take; shorter than the limit of the whole exchange, so that "nothing
/// was sent" can be told from "no answer".
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// An HTTP client for one server. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
    clock: Clock,
    limit: Duration,
    body_limit: usize,
    hidden: Hidden,
}

/// How much longer than its limit an exchange must have taken by a clock that goes on while the machine
/// sleeps, for the machine to have slept.
const ASLEEP: Duration = Duration::from_secs(2);

impl Client {
    /// A client that reads from the server of `target`; an exchange takes `limit` at most.
    /// `ca_file` holds extra CA certificates, PEM.
    ///
    /// # Errors
    /// When `ca_file` cannot be used, or the machine has no CA certificates.
    pub fn for_reading(
        target: &Url,
        ca_file: Option<&Path>,
        limit: Duration,
        clock: Clock,
    ) -> Result<Self, Error> {
        let builder = protected(target, ca_file, limit)?
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(Duration::from_secs(90));
        Self::build(builder, limit, clock)
    }

    /// A client for one request that changes something at the server of `target`.
    ///
    /// No connection is ever used again: when a kept connection turns out to be closed, the
    /// transport sends the request once more on its own, and a command must not go out twice.
    ///
    /// # Errors
    /// As [`Client::for_reading`].
    pub fn for_command(
        target: &Url,
        ca_file: Option<&Path>,
        limit: Duration,
    ) -> Result<Self, Error> {
        let builder = protected(target, ca_file, limit)?.pool_max_idle_per_host(0);
        Self::build(builder, limit, Clock::steady())
    }

    fn build(builder: ClientBuilder, limit: Duration, clock: Clock) -> Result<Self, Error> {
        let inner = builder.build().map_err(|e| Error::Setup(reason(&e.without_url())))?;
        Ok(Self { inner, clock, limit, body_limit: BODY_LIMIT, hidden: Hidden::default() })
    }

    /// The same client, which blanks `secrets` too out of every answer it reads: a server that repeats
    /// a credential in its error must not carry it into a log or onto a screen. What was hidden before
    /// stays so: a server may know for long what it was once sent.
    #[must_use]
    pub fn hiding(mut self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        self.hidden = self.hidden.and(secrets);
        self
    }

    /// The same client with another limit of the body, in bytes.
    #[cfg(test)]
    pub(crate) fn with_body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Begins a GET.
    pub fn get(&self, url: Url) -> RequestBuilder {
        self.inner.get(url)
    }

    /// Begins a POST.
    pub fn post(&self, url: Url) -> RequestBuilder {
        self.inner.post(url)
    }

    /// Begins a PATCH.
    pub fn patch(&self, url: Url) -> RequestBuilder {
        self.inner.patch(url)
    }

    /// Sends `request`, once, and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// When there is no complete answer within the limits.
    pub async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Error> {
        let request = request.build().map_err(|e| Error::Setup(reason(&e.without_url())))?;
        let host = host_of(request.url());
        let sent = self.clock.now();
        let mut response = self
            .inner
            .execute(request)
            .await
            .map_err(|e| Error::of(e, host.clone(), self.limit, 0))?;
        // The clocks are compared by the head: a long body would blur them.
        let mut answer = Answer::head(&response, sent, self.clock.now());
        if (answer.received - sent).to_std().is_ok_and(|took| took > self.limit + ASLEEP) {
            // The machine slept meanwhile: nobody knows at which end of it the server looked.
            return Err(Error::Timeout(self.limit));
        }
        if response.content_length().is_some_and(|n| n > self.body_limit as u64) {
            return Err(Error::TooLarge(self.body_limit));
        }
        loop {
            let received = answer.body.len();
            match response.chunk().await {
                Ok(Some(chunk)) if received + chunk.len() > self.body_limit => {
                    return Err(Error::TooLarge(self.body_limit));
                }
                Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
                Ok(None) => {
                    answer.make_readable(&self.hidden);
                    return Ok(answer);
                }
                Err(e) => return Err(Error::of(e, host, self.limit, received)),
            }
        }
    }
}

/// What every request needs, whatever it is for.
fn protected(
    target: &Url,
    ca_file: Option<&Path>,
    limit: Duration,
) -> Result<ClientBuilder, Error> {
    // Installed once a process; an error only says that it was already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .timeout(limit)
        .connect_timeout(CONNECT_LIMIT.min(limit))
        // A redirect may carry credentials to another host, and hides an expired session.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .user_agent(concat!("floorwatch/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = ca_file {
        builder = builder.tls_certs_merge(certificates(path)?);
    }
    if is_loopback(target) {
        // A proxy from the environment would otherwise be asked for our own machine.
        builder = builder.no_proxy();
        if target.scheme() == "http" {
            // Without this a machine without CA certificates could not even run the demo.
            builder = builder.tls_certs_only([]);
        }
    }
    Ok(builder)
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    let fail = |cause: String| Error::Setup(format!("ca_file `{}`: {cause}", path.display()));
    let pem = std::fs::read(path).map_err(|e| fail(e.to_string()))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|e| fail(reason(&e)))?;
    if found.is_empty() {
        return Err(fail("it holds no PEM certificate".to_owned()));
    }
    Ok(found)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("(no host)");
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
