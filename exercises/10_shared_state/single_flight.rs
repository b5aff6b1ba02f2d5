//! All requests of a program share a session. `token` returns the session's token. As long as
//! there is none, it logs in, which is slow, and keeps the token for everybody. However many
//! callers there are, one login at a time is under way, and none after one has succeeded. A
//! login that fails is not kept: its caller gets the error, and a later call logs in again.
//! (Callers who waited meanwhile may get the same error, or log in themselves, one after the
//! other.) If a caller goes away while it logs in, or its login panics, the others still get
//! their token.
//!
//! Whenever the program starts, the server sees 50 logins within a second, and locks us out.

use std::sync::{Arc, OnceLock};

/// Why the server refused a login.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied(pub String);

/// Where to log in. Tests bring their own.
pub trait Server: Send + Sync + 'static {
    fn log_in(&self) -> impl Future<Output = Result<String, Denied>> + Send;
}

#[derive(Default)]
pub struct Session {
    token: OnceLock<String>,
}

impl Session {
    pub async fn token<S: Server>(&self, server: &S) -> Result<String, Denied> {
        if let Some(token) = self.token.get() {
            return Ok(token.clone());
        }
        let token = server.log_in().await?;
        Ok(self.token.get_or_init(|| token).clone())
    }
}

struct Portal;

impl Server for Portal {
    async fn log_in(&self) -> Result<String, Denied> {
        println!("a login");
        tokio::task::yield_now().await;
        Ok("s3cr3t".to_owned())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let session = Arc::new(Session::default());
    let requests = [(); 3].map(|()| {
        let session = session.clone();
        tokio::spawn(async move { session.token(&Portal).await })
    });
    for request in requests {
        println!("{:?}", request.await.unwrap());
    }
}
