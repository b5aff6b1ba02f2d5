//! fails: all_callers_share_a_login
//! says: while the first one logged in, nothing told the others
//!
//! The token is made once; the logins have been made all the same.

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
        if let Some(token) = self.token.get() {
            return Ok(token.clone());
        }
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
