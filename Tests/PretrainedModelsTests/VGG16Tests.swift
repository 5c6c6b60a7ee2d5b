import Testing

@testable import PretrainedModels
