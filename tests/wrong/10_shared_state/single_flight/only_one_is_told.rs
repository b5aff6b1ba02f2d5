//! fails: all_callers_share_a_login
//! says: `token` never returned
//!
//! `notify_one` wakes one of all those who wait.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

/// Why the server refused a login.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied(pub String);

/// Where to log in. Tests bring their own.
pub trait Server: Send + Sync + 'static {
    fn log_in(&self) -> impl Future<Output = Result<String, Denied>> + Send;
}

#[derive(Default)]
struct State {
    token: Option<String>,
    logging_in: bool,
}

#[derive(Default)]
pub struct Session {
    state: Mutex<State>,
    told: Notify,
}

impl Session {
    pub async fn token<S: Server>(&self, server: &S) -> Result<String, Denied> {
        loop {
            let told = self.told.notified();
            {
                let mut state = self.state.lock().unwrap();
                if let Some(token) = &state.token {
                    return Ok(token.clone());
                }
                if !state.logging_in {
                    state.logging_in = true;
                    break;
                }
            }
            told.await;
        }
        let outcome = server.log_in().await;
        {
            let mut state = self.state.lock().unwrap();
            state.token = outcome.as_ref().ok().cloned();
            state.logging_in = false;
        }
        self.told.notify_one();
        outcome
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
