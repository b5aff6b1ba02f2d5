//! Callers who waited for a login that failed share its error.

use std::sync::{Arc, Mutex};

use tokio::sync::watch;

/// Why the server refused a login.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied(pub String);

/// Where to log in. Tests bring their own.
pub trait Server: Send + Sync + 'static {
    fn log_in(&self) -> impl Future<Output = Result<String, Denied>> + Send;
}

/// What a login has come to; `None` while it is under way.
type Outcome = Option<Result<String, Denied>>;

#[derive(Default)]
struct State {
    token: Option<String>,
    login: Option<watch::Receiver<Outcome>>,
}

#[derive(Default)]
pub struct Session {
    state: Mutex<State>,
}

impl Session {
    pub async fn token<S: Server>(&self, server: &S) -> Result<String, Denied> {
        loop {
            let joined = {
                let mut state = self.state.lock().unwrap();
                if let Some(token) = &state.token {
                    return Ok(token.clone());
                }
                // When the caller that logs in is gone, so is the sender.
                match &state.login {
                    Some(login) if login.has_changed().is_ok() => Ok(login.clone()),
                    _ => {
                        let (tell, told) = watch::channel(None);
                        state.login = Some(told);
                        Err(tell)
                    }
                }
            };
            match joined {
                Ok(mut login) => {
                    if let Ok(outcome) = login.wait_for(|outcome| outcome.is_some()).await {
                        return outcome.clone().expect("it is there");
                    }
                }
                Err(tell) => {
                    let outcome = server.log_in().await;
                    let mut state = self.state.lock().unwrap();
                    state.token = outcome.as_ref().ok().cloned();
                    state.login = None;
                    tell.send_replace(Some(outcome.clone()));
                    return outcome;
                }
            }
        }
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
