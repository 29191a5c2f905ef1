//! Settings for tests.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::Url;
use uuid::Uuid;

use super::settings::{
    ConvosoSettings, CxEngageSettings, Filter, Settings, SipIoSettings, VendorSettings, WfmSettings,
};
use crate::http::Secret;
use crate::vendor::{convoso, cxengage, sipio, wfm};

fn settings(name: &str, poll: Duration, vendor: VendorSettings) -> Settings {
    Settings {
        name: name.into(),
        poll,
        ca_file: None,
        reason_map: HashMap::new(),
        exclude: HashSet::new(),
        vendor,
    }
}

pub(super) fn dialer(url: Url) -> ConvosoSettings {
    let account = convoso::Account {
        url,
        auth_token: Secret::Plain("s3cret".into()),
        encoding: convoso::Encoding::Form,
    };
    ConvosoSettings {
        account,
        timezone: chrono_tz::America::Los_Angeles,
        filter: Filter::default(),
        max_requests_per_minute: 60,
        queues: Vec::new(),
        seen: Vec::new(),
        history_poll: None,
        emails: Vec::new(),
        status_map: HashMap::new(),
    }
}

pub(super) fn of_dialer(convoso: ConvosoSettings) -> Settings {
    settings("dialer", Duration::from_secs(3), VendorSettings::Convoso(convoso))
}

pub(super) fn tenant(url: Url) -> CxEngageSettings {
    let account = cxengage::Account {
        url,
        tenant_id: Uuid::from_u128(0x1111_1111_2222_3333_4444_5555_5555_5555),
        username: "rta".to_owned(),
        password: Secret::Plain("Password#1234".into()),
    };
    CxEngageSettings { account, expected: Vec::new() }
}

pub(super) fn of_tenant(tenant: CxEngageSettings) -> Settings {
    settings("rta", Duration::from_secs(15), VendorSettings::CxEngage(tenant))
}

pub(super) fn telephony(url: Url) -> SipIoSettings {
    let account = sipio::Account { url, api_key: Secret::Plain("sk_s3cret".into()) };
    let timezone = chrono_tz::America::New_York;
    SipIoSettings { account, timezone, day_starts: chrono::NaiveTime::MIN }
}

pub(super) fn of_telephony(telephony: SipIoSettings) -> Settings {
    settings("telephony", Duration::from_secs(15), VendorSettings::SipIo(telephony))
}

pub(super) fn site(url: Url, session_cookie: Secret) -> WfmSettings {
    WfmSettings {
        account: wfm::Account { url, session_cookie, session: wfm::SharedSession::default() },
        team_id: None,
        timezone: chrono_tz::America::New_York,
        conflicts: false,
    }
}

pub(super) fn of_site(site: WfmSettings) -> Settings {
    settings("wfm", Duration::from_secs(15), VendorSettings::Wfm(site))
}
