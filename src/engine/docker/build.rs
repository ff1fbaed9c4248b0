//! Builds an image: by BuildKit through bollard, by the classic builder where the engine has no other.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bollard::Docker;
use bollard::auth::DockerCredentials;
use bollard::errors::Error;
use bollard::models::{BuildInfoAux, SystemVersion};
use bollard::query_parameters::{BuildImageOptions, BuilderVersion};
use futures_util::StreamExt;

use super::build_bases;
use super::build_failure::{BuildFailure, BuildProblem, plain_words};
use super::build_status::BuildStatus;
use super::context::{Context, ContextError};
use super::credentials::Credentials;
use super::credentials_file::server;
use super::random;
use super::request;
use crate::event::EventKind;
use crate::plan::desired::Build;

/// How long the engine may take until it answers at all: it does so only after it has the context.
const ANSWER: Duration = Duration::from_secs(2 * 60 * 60);

/// What a build is told beside the profile.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// Does every step anew.
    pub no_cache: bool,
    /// Asks the registry for newer base images.
    pub pull: bool,
    /// Labels of the image.
    pub labels: BTreeMap<String, String>,
    /// Who builds.
    pub builder: Builder,
}

/// Who builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Builder {
    /// BuildKit where the engine has it.
    #[default]
    Engine,
    /// The classic builder.
    Classic,
}

/// A built image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildResult {
    /// Its id, `sha256:...`.
    pub image_id: String,
}

/// Builds an image and gives it a tag. Dropping the future ends the build on the engine too.
///
/// # Errors
///
/// When the context is not as it has to be, a step fails, or the engine says no.
pub async fn build(
    docker: &Docker,
    image_tag: &str,
    build: &Build,
    options: &BuildOptions,
    credentials: &Credentials,
    sink: &(dyn Fn(EventKind) + Send + Sync),
) -> Result<BuildResult, BuildFailure> {
    let failure = |problem: BuildProblem, step, output| BuildFailure {
        image: image_tag.to_owned(),
        problem,
        step,
        output,
        hint: build.hint.clone(),
    };
    let opened = {
        let build = build.clone();
        tokio::task::spawn_blocking(move || Context::open(&build)).await
    };
    let context = match opened {
        Ok(context) => context.map_err(|error| failure(error.into(), None, Vec::new()))?,
        Err(error) => return Err(failure(BuildProblem::Engine(error.to_string()), None, Vec::new())),
    };
    let logins = logins(&context, build, credentials, sink).await;
    let docker = request::client(docker, ANSWER);
    let mut classic = options.builder == Builder::Classic || !has_buildkit(&docker).await;
    loop {
        let mut status = BuildStatus::new(image_tag);
        let query = query(image_tag, build, options, &context.dockerfile, classic);
        let outcome = run(&docker, query, context.clone(), logins.clone(), &mut status, sink).await;
        status.end().into_iter().for_each(sink);
        match outcome {
            Ok(Some(image_id)) => return Ok(BuildResult { image_id }),
            Ok(None) => {
                return match docker.inspect_image(image_tag).await.map(|image| image.id) {
                    Ok(Some(image_id)) => Ok(BuildResult { image_id }),
                    Ok(None) => {
                        Err(failure(BuildProblem::Engine("the image has no id".to_owned()), None, Vec::new()))
                    }
                    Err(error) => {
                        Err(failure(BuildProblem::Engine(error.to_string()), None, status.last_lines()))
                    }
                };
            }
            Err(BuildProblem::Engine(words)) if !classic && lacks_buildkit(&words) => classic = true,
            Err(problem) => return Err(failure(problem, status.failed_step(), status.last_lines())),
        }
    }
}

fn query(
    image_tag: &str,
    build: &Build,
    options: &BuildOptions,
    dockerfile: &str,
    classic: bool,
) -> BuildImageOptions {
    BuildImageOptions {
        dockerfile: dockerfile.to_owned(),
        t: Some(image_tag.to_owned()),
        nocache: options.no_cache,
        pull: options.pull.then(|| "true".to_owned()),
        rm: true,
        forcerm: true,
        buildargs: Some(build.args.clone().into_iter().collect()),
        labels: Some(options.labels.clone().into_iter().collect()),
        networkmode: build.network.clone(),
        target: build.target.clone().unwrap_or_default(),
        version: if classic { BuilderVersion::BuilderV1 } else { BuilderVersion::BuilderBuildKit },
        session: (!classic).then(random::id),
        ..BuildImageOptions::default()
    }
}

async fn run(
    docker: &Docker,
    query: BuildImageOptions,
    context: Context,
    logins: HashMap<String, DockerCredentials>,
    status: &mut BuildStatus,
    sink: &(dyn Fn(EventKind) + Send + Sync),
) -> Result<Option<String>, BuildProblem> {
    let problem: Arc<Mutex<Option<ContextError>>> = Arc::default();
    let body = bollard::body_try_stream(context.stream(Arc::clone(&problem)));
    let mut answers = Box::pin(docker.build_image(query, Some(logins), Some(body)));
    let mut image_id = None;
    while let Some(answer) = answers.next().await {
        let info = match answer {
            Ok(info) => info,
            Err(error) if request::is_end(&error) => break,
            Err(error) => {
                let unreadable = problem.lock().ok().and_then(|mut problem| problem.take());
                return Err(unreadable.map_or_else(|| in_words(error), BuildProblem::Context));
            }
        };
        match &info.aux {
            Some(BuildInfoAux::BuildKit(trace)) => status.trace(trace).into_iter().for_each(sink),
            Some(BuildInfoAux::Default(image)) => image_id = image.id.clone().or(image_id),
            None => status.classic(&info).into_iter().for_each(sink),
        }
    }
    Ok(image_id)
}

/// An error in the stream is the build's, any other one the engine's.
fn in_words(error: Error) -> BuildProblem {
    match error {
        Error::DockerStreamError { error } => BuildProblem::Step(plain_words(&error)),
        Error::DockerResponseServerError { message, .. } if !lacks_buildkit(&message) => {
            BuildProblem::Step(plain_words(&message))
        }
        other => BuildProblem::Engine(request::words(&other)),
    }
}

/// Podman speaks Docker's API without BuildKit's part of it, and an engine for Windows containers has none.
async fn has_buildkit(docker: &Docker) -> bool {
    docker.version().await.map_or(true, |version| knows_buildkit(&version))
}

fn knows_buildkit(version: &SystemVersion) -> bool {
    let podman = version.components.iter().flatten().any(|component| component.name.contains("Podman"));
    !podman && version.os.as_deref() != Some("windows")
}

fn lacks_buildkit(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("buildkit") && (words.contains("not supported") || words.contains("not available"))
}

/// The logins for the registries of the base images; what cannot be found out is a note, not the end.
async fn logins(
    context: &Context,
    build: &Build,
    credentials: &Credentials,
    sink: &(dyn Fn(EventKind) + Send + Sync),
) -> HashMap<String, DockerCredentials> {
    let registries = build_bases::registries(&context.text, &build.args)
        .map_or_else(|| credentials.registries(), |found| found.into_iter().collect());
    let mut logins = HashMap::new();
    for registry in registries {
        match credentials.find(&registry).await {
            Ok(Some(login)) => {
                logins.insert(server(&registry), login.for_engine(&registry));
            }
            Ok(None) => {}
            Err(error) => {
                sink(EventKind::Note { text: format!("{error}; going on without a login for {registry}") });
            }
        }
    }
    logins
}

#[cfg(test)]
mod tests {
    use bollard::models::{SystemVersion, SystemVersionComponents};

    use super::{knows_buildkit, lacks_buildkit};

    fn version(component: &str, os: &str) -> SystemVersion {
        let component =
            SystemVersionComponents { name: component.to_owned(), ..SystemVersionComponents::default() };
        SystemVersion {
            components: Some(vec![component]),
            os: Some(os.to_owned()),
            ..SystemVersion::default()
        }
    }

    #[test]
    fn builder_is_chosen_by_what_the_engine_is() {
        assert!(knows_buildkit(&version("Engine", "linux")));
        assert!(!knows_buildkit(&version("Podman Engine", "linux")));
        assert!(!knows_buildkit(&version("Engine", "windows")));
        assert!(lacks_buildkit("BuildKit is not supported by daemon"));
        assert!(!lacks_buildkit("failed to solve: buildkit.test/x: not found"));
    }
}
