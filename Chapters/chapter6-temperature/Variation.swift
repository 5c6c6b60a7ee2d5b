import Datasets
import DeepLearning

/// A network and what it is shown, for an experiment.
struct Variation: Sendable {
  let name: String
  let forecast: TemperatureForecast
  /// What it is judged by; if reversed, so are the windows to train on.
  let validation: ForecastSamples
  /// Makes the network, compiled.
  let model: @Sendable (TemperatureForecast, _ seed: UInt64) -> Model

  /// A network of layers that follow one another.
  init(
    _ name: String, _ forecast: TemperatureForecast, validation: ForecastSamples? = nil,
    learningRate: Float = 0.001, @LayerBuilder layers: @escaping @Sendable () -> [Layer]
  ) {
    (self.name, self.forecast) = (name, forecast)
    self.validation = validation ?? forecast.validation
    model = { forecast, seed in
      let model = Sequential(
        input: [forecast.length, forecast.variableCount], seed: seed, layers: layers)
      model.compile(
        optimizer: RMSprop(learningRate: learningRate), loss: .meanAbsoluteError)
      return model
    }
  }

  /// A GRU that reads backwards, whose answer is made of its state and of the newest reading.
  init(reversedWithNewest name: String, _ forecast: TemperatureForecast) {
    (self.name, self.forecast) = (name, forecast)
    validation = forecast.validation
    model = { forecast, seed in
      let window = Input([forecast.length, forecast.variableCount])
      let state = GRU(32, goesBackwards: true)(window)
      let answer = Dense(1)(Concatenate()(state, LastTimeStep()(window)))
      let model = Model(inputs: window, outputs: answer, seed: seed)
      model.compile(optimizer: RMSprop(), loss: .meanAbsoluteError)
      return model
    }
  }
}
