//! The layers of a pull, summed up to one line; pure.

use std::collections::BTreeMap;

use bollard::models::CreateImageInfo;

/// Everything known about the layers of an image.
#[derive(Debug, Default)]
pub(super) struct PullProgress {
    layers: BTreeMap<String, Layer>,
}

#[derive(Debug, Default)]
struct Layer {
    current: u64,
    total: u64,
    done: bool,
}

/// One line for all layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) text: String,
    pub(super) current: Option<u64>,
    pub(super) total: Option<u64>,
}

impl PullProgress {
    /// Takes in one message of the engine; whether it was about a layer.
    pub(super) fn apply(&mut self, info: &CreateImageInfo) -> bool {
        let (Some(id), Some(status)) = (&info.id, info.status.as_deref()) else { return false };
        let detail = info.progress_detail.as_ref();
        let bytes = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        match status {
            "Pulling fs layer" | "Waiting" => {
                self.layers.entry(id.clone()).or_default();
            }
            "Downloading" => {
                let layer = self.layers.entry(id.clone()).or_default();
                layer.current = bytes(detail.and_then(|detail| detail.current)).unwrap_or(layer.current);
                layer.total =
                    bytes(detail.and_then(|detail| detail.total)).unwrap_or(layer.total).max(layer.current);
            }
            "Verifying Checksum" | "Download complete" | "Extracting" => {
                let layer = self.layers.entry(id.clone()).or_default();
                layer.current = layer.total;
            }
            "Pull complete" | "Already exists" => {
                let layer = self.layers.entry(id.clone()).or_default();
                layer.current = layer.total;
                layer.done = true;
            }
            // `Pulling from library/x`: its id is the tag.
            _ => return false,
        }
        true
    }

    /// All layers in one line.
    pub(super) fn summary(&self) -> Summary {
        let done = self.layers.values().filter(|layer| layer.done).count();
        let total: u64 = self.layers.values().map(|layer| layer.total).sum();
        let current: u64 = self.layers.values().map(|layer| layer.current).sum();
        Summary {
            text: format!("{done} of {} layers", self.layers.len()),
            current: (total > 0).then_some(current),
            total: (total > 0).then_some(total),
        }
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::{CreateImageInfo, ProgressDetail};

    use super::{PullProgress, Summary};

    fn info(id: &str, status: &str, bytes: Option<(i64, i64)>) -> CreateImageInfo {
        CreateImageInfo {
            id: Some(id.to_owned()),
            status: Some(status.to_owned()),
            progress_detail: bytes
                .map(|(current, total)| ProgressDetail { current: Some(current), total: Some(total) }),
            ..CreateImageInfo::default()
        }
    }

    #[test]
    fn layers_are_summed_up() {
        let mut progress = PullProgress::default();
        assert!(!progress.apply(&info("8.0", "Pulling from library/mongo", None)));
        progress.apply(&info("a", "Pulling fs layer", None));
        progress.apply(&info("b", "Already exists", None));
        progress.apply(&info("a", "Downloading", Some((10, 100))));
        progress.apply(&info("c", "Downloading", Some((5, 50))));
        let half = Summary { text: "1 of 3 layers".to_owned(), current: Some(15), total: Some(150) };
        assert_eq!(progress.summary(), half);
        progress.apply(&info("a", "Extracting", Some((1, 100))));
        progress.apply(&info("a", "Pull complete", None));
        progress.apply(&info("c", "Pull complete", None));
        let whole = Summary { text: "3 of 3 layers".to_owned(), current: Some(150), total: Some(150) };
        assert_eq!(progress.summary(), whole);
    }
}
