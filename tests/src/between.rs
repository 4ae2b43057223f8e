//! What a test puts between the SDK and the network.

use std::fmt::Debug;

use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};

/// Sees every request on its way. Clones share what they know.
pub trait Between: Clone + Debug + Send + Sync + 'static {
    /// Hands the request on to `network`, or does not.
    fn carry(&self, network: SharedHttpConnector, request: HttpRequest) -> HttpConnectorFuture;
}

/// An HTTP client with this in between.
#[must_use]
pub fn client(between: &impl Between) -> SharedHttpClient {
    SharedHttpClient::new(Client { between: between.clone(), network: Builder::new().build_http() })
}

#[derive(Debug)]
struct Client<B> {
    between: B,
    network: SharedHttpClient,
}

impl<B: Between> HttpClient for Client<B> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let network = self.network.http_connector(settings, components);
        SharedHttpConnector::new(Connector { between: self.between.clone(), network })
    }
}

#[derive(Debug)]
struct Connector<B> {
    between: B,
    network: SharedHttpConnector,
}

impl<B: Between> HttpConnector for Connector<B> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.between.carry(self.network.clone(), request)
    }
}
