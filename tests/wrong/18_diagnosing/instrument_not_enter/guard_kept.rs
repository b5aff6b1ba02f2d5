//! fails: each_event_is_in_the_span_of_its_request
//! says: Each event belongs into the span of its own request. `book` returned `Pending`, and its span was
//!
//! The guard of `enter` is still held across the await of the price: events of other requests get in. Only the mail is repaired.

use std::fmt::{Debug, Write as _};
use std::time::Duration;

use tokio::join;
use tokio::time::sleep;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Instrument as _, info, info_span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

/// Tests bring their own.
pub trait Backend: Clone + Send + Sync + 'static {
    fn price(&self, id: u64) -> impl Future<Output = u64> + Send;
    fn send_mail(&self, id: u64, price: u64) -> impl Future<Output = ()> + Send;
}

pub async fn book(id: u64, backend: impl Backend) -> u64 {
    let span = info_span!("request", id);
    let _entered = span.enter();
    info!("received");
    let price = backend.price(id).await;
    info!(price, "booked");
    let mail = async move {
        backend.send_mail(id, price).await;
        info!("mail sent");
    };
    tokio::spawn(mail.instrument(span.clone()));
    price
}

#[derive(Clone)]
struct Harbor;

impl Backend for Harbor {
    async fn price(&self, id: u64) -> u64 {
        info!("asking for the price");
        sleep(Duration::from_millis(100 * id)).await;
        info!("got the price");
        40 + id
    }

    async fn send_mail(&self, _id: u64, _price: u64) {
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::main]
async fn main() {
    let log = Registry::default().with(Print);
    tracing::subscriber::set_global_default(log).expect("nobody else has set one");
    join!(book(1, Harbor), book(2, Harbor));
    info!("both are booked, no request is under way");
    sleep(Duration::from_secs(1)).await;
}

/// Prints each event after the spans that it is in. (Nothing is wrong in here.)
struct Print;

impl Layer<Registry> for Print {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, Registry>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, Registry>) {
        let mut line = String::new();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            let fields = span.extensions().get::<Fields>().map(|fields| fields.0.clone());
            let _ = write!(line, "{}{}: ", span.name(), fields.unwrap_or_default());
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        println!("{line}{}", fields.0.trim_start());
    }
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
