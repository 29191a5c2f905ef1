//! The HTTP server: what all APIs share, the routes, start and stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::runtime::Runtime;

use super::centre::Centre;
use super::{control, convoso, cxengage, fault, sipio, wfm};

/// How long stopping may take.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// A listening server. It has a runtime of its own: stopping it ends every connection, also the
/// ones that hang, and a large floor's answers never delay the caller's tasks.
#[derive(Debug)]
pub struct Server {
    runtime: Option<Runtime>,
    address: SocketAddr,
}

impl Server {
    /// Binds `listen`.
    ///
    /// # Errors
    /// When the address cannot be bound or no thread started.
    pub fn bind(listen: SocketAddr) -> io::Result<(Self, tokio::net::TcpListener)> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("simulator")
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        Ok((Self { runtime: Some(runtime), address }, listener))
    }

    /// Serves `centre` until the server is dropped.
    pub fn serve(&self, listener: tokio::net::TcpListener, centre: Arc<Centre>) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move { axum::serve(listener, router(centre)).await });
        }
    }

    /// Ends every connection and frees the port.
    pub async fn stop(mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for the threads blocks, so it is done where blocking is allowed. A thread
            // that computes a large answer is left to finish alone.
            let stopped =
                tokio::task::spawn_blocking(move || runtime.shutdown_timeout(STOP_WITHIN)).await;
            debug_assert!(stopped.is_ok());
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn router(centre: Arc<Centre>) -> Router {
    Router::new()
        .merge(convoso::routes())
        .merge(cxengage::routes())
        .merge(sipio::routes())
        .merge(wfm::routes())
        .merge(control::routes())
        .route("/login", get(async || fault::login_page()))
        .fallback(not_found)
        .layer(axum::middleware::map_response_with_state(Arc::clone(&centre), dated))
        .with_state(centre)
}

/// Every response says what time the server thinks it is.
async fn dated(State(centre): State<Arc<Centre>>, mut response: Response) -> Response {
    let date = httpdate::fmt_http_date(centre.time().shown().into());
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// A wrong path gets a page, as from the real services.
async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Html("<!DOCTYPE html><html><body>Not Found</body></html>"))
        .into_response()
}
