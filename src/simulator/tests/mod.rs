//! The centre over real HTTP, on a clock that is moved by hand.

mod alerts;
mod convoso;
mod cxengage;
mod dialects;
mod faults;
mod files;
mod kpi;
mod productivity;
mod sipio;
mod wfm;

use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::*;

fn noon() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-02T18:00:00.250Z").unwrap().to_utc()
}

/// A centre and a client of it.
struct Floor {
    running: Running,
    client: Client,
    passed: Arc<AtomicI64>,
}

impl Floor {
    async fn open() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let passed = Arc::new(AtomicI64::new(0));
        let hands = Arc::clone(&passed);
        let clock =
            Clock::telling(move || noon() + TimeDelta::milliseconds(hands.load(Ordering::Relaxed)));
        let mut options = Options { clock, ..Options::default() };
        change(&mut options);
        // Fails when another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { running: start(options).await.unwrap(), client, passed }
    }

    /// Lets time pass.
    fn pass(&self, time: TimeDelta) {
        self.passed.fetch_add(time.num_milliseconds(), Ordering::Relaxed);
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.running.url()))
    }

    fn search(&self, filters: &[(&str, &str)]) -> RequestBuilder {
        let token = self.running.credentials().auth_token;
        let mut form = vec![("auth_token", token.as_str())];
        form.extend(filters);
        self.request(Method::POST, "/v1/agent-monitor/search").form(&form)
    }

    fn logout(&self, user_id: &str) -> RequestBuilder {
        let token = self.running.credentials().auth_token;
        self.request(Method::POST, "/v1/agent-monitor/logout")
            .form(&[("auth_token", token.as_str()), ("user_id", user_id)])
    }

    fn cx(&self, query: &str) -> RequestBuilder {
        let secrets = self.running.credentials();
        let path = format!("/v1/tenants/{}/wfm/rta?{query}", secrets.tenant_id);
        self.request(Method::GET, &path).basic_auth(secrets.username, Some(secrets.password))
    }

    fn wfm(&self, path: &str) -> RequestBuilder {
        self.wfm_with(Method::GET, path)
    }

    fn wfm_with(&self, method: Method, path: &str) -> RequestBuilder {
        let cookie = format!("other=1; {}", self.running.credentials().session_cookie);
        self.request(method, path).header("Cookie", cookie)
    }

    fn productivity(&self, filters: &[(&str, &str)]) -> RequestBuilder {
        let token = self.running.credentials().auth_token;
        let mut form = vec![("auth_token", token.as_str())];
        form.extend(filters);
        self.request(Method::POST, "/v1/agent-productivity/search").form(&form)
    }

    fn sip(&self, query: &str) -> RequestBuilder {
        let key = self.running.credentials().api_key;
        self.request(Method::GET, &format!("/v1/agents{query}")).header("x-api-key", key)
    }
}

async fn json(request: RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    response.json().await.unwrap()
}

#[tokio::test]
async fn every_response_carries_the_servers_date() {
    for (skew, date) in [(0, "18:00:00"), (90, "18:01:30"), (-90, "17:58:30")] {
        let floor = Floor::with(|o| o.skew = TimeDelta::seconds(skew)).await;
        for path in ["/v1/agent-monitor/search", "/api/adherence/states", "/nowhere"] {
            let response = floor.request(Method::GET, path).send().await.unwrap();
            assert_eq!(response.headers()["date"], format!("Mon, 02 Mar 2026 {date} GMT"));
        }
    }
}

#[tokio::test]
async fn a_stopped_centre_frees_its_port_and_cuts_hanging_requests() {
    let floor = Floor::open().await;
    floor.running.faults().set(Target::Wfm, Fault::Hang);
    let hanging = tokio::spawn(floor.wfm("/api/adherence/states").send());
    while floor.running.truth().requests.get(&Target::Wfm) != Some(&1) {
        tokio::task::yield_now().await;
    }
    let url = floor.running.url();
    floor.running.stop().await;
    assert!(hanging.await.unwrap().is_err());
    assert!(floor.client.get(url).send().await.is_err());
}

#[tokio::test]
async fn a_large_floor_answers() {
    let floor = Floor::with(|o| o.agents = 2_000).await;
    let answer = json(floor.search(&[])).await;
    let listed = answer["agents"].as_array().unwrap().len();
    assert!(listed > 1_500);
    assert_eq!(answer["agent_total"], listed);
}

#[tokio::test]
async fn the_truth_is_also_served() {
    let floor = Floor::open().await;
    let served: Truth =
        serde_json::from_value(json(floor.request(Method::GET, "/simulator/truth")).await).unwrap();
    assert_eq!(served, floor.running.truth());
    assert_eq!(served.at, noon());
    let earlier = floor.running.truth_at(noon() - TimeDelta::hours(1));
    assert_eq!(earlier.at, noon() - TimeDelta::hours(1));
    assert_ne!(earlier.people, served.people);
}
