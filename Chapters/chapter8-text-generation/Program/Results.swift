import Datasets
import DeepLearning
import Figures
import Gallery

/// What the program has to show.
extension Chapter8TextGeneration {
  /// Loss, uncertainty and real words, epoch by epoch.
  func draw(_ history: History, _ epochs: [SampledEpoch], _ run: ChapterRun) {
    let isBooks = run.data?.kind == .official && !options.quick
    let losses = history["loss"]
    run.add(
      Figure(
        title: "Training loss", x: "Epochs", y: "Loss",
        yScale: (losses.max() ?? 0) > 4 ? .logarithmic : .linear
      ) {
        Dots(losses, "Here")
        if isBooks {
          Line(BookResults.losses.prefix(asPrinted ? 59 : BookResults.goodEpochs), "The book's run")
          if !asPrinted {
            VerticalMarker(at: Double(BookResults.goodEpochs) + 1, "The book's run breaks down")
          }
        }
      }, as: "loss")
    let temperatures = TextGeneration.temperatures
    run.add(
      Figure(
        title: "How uncertain the next character is", x: "Epochs", y: "Entropy (bits per character)"
      ) {
        for (index, temperature) in temperatures.enumerated() {
          Line(epochs.map { $0.samples[index].entropy }, "Temperature \(temperature)")
        }
      }, as: "entropy")
    run.add(
      Figure(title: "How many words are words", x: "Epochs", y: "Share that occurs in the corpus") {
        for (index, temperature) in temperatures.enumerated() {
          Line(
            epochs.map { $0.samples[index].realWords ?? .nan }, "Temperature \(temperature)")
        }
      }, as: "real-words")
  }

  /// The book's figure of what temperature does, for an answer of the trained network.
  func drawReweighting(_ model: Model, _ corpus: Corpus, _ run: ChapterRun) {
    // Where a word begins there is something to choose from; of many such places the one of middling uncertainty.
    let space = corpus.vocabulary.encode(" ").ids.first ?? 0
    let places = (TextGeneration.window..<corpus.count).filter { corpus.ids[$0 - 1] == space }
    let gap = max(1, places.count / 101)
    let chosen = stride(from: 0, to: places.count, by: gap).map { places[$0] }
    guard !chosen.isEmpty else { return }
    let (window, count) = (TextGeneration.window, corpus.vocabulary.count)
    let answers = model.predict(
      OneHotWindows(
        corpus.ids, starts: chosen.map { $0 - window }, length: window, depth: count)
    ).scalars
    let all = chosen.indices.map { Array(answers[$0 * count..<($0 + 1) * count]) }
    func entropy(_ answer: [Float]) -> Double {
      TemperatureSampling.entropy(TemperatureSampling.reweighted(answer, temperature: 1))
    }
    let middle = all.indices.sorted { entropy(all[$0]) < entropy(all[$1]) }[all.count / 2]
    let answer = all[middle]
    let most = answer.indices.sorted { answer[$0] > answer[$1] }.prefix(12)
    let context = corpus.text(chosen[middle] - 20..<chosen[middle]).replacing("\n", with: " ")
    run.add(
      Figure(
        title: "What may follow “\(context)”", x: "Next character", y: "Probability",
        names: most.map { name(of: corpus.vocabulary.decode([Int32($0)])) }
      ) {
        for temperature in TextGeneration.temperatures {
          let weights = TemperatureSampling.reweighted(answer, temperature: temperature)
          Bars(most.map { weights[$0] }, "Temperature \(temperature)")
        }
      }, as: "reweighted", book: "8.2")
  }

  private func name(of character: String) -> String {
    switch character {
    case " ": "space"
    case "\n": "line"
    default: character
    }
  }

  /// The epoch whose texts are shown: the one whose weights are kept, or as printed the last.
  private func shown(_ epochs: [SampledEpoch]) -> SampledEpoch? {
    asPrinted ? epochs.last : epochs.min { $0.loss < $1.loss }
  }

  /// What the network has written, and what there is to say about it.
  func show(_ epochs: [SampledEpoch], _ corpus: Corpus, _ run: ChapterRun) {
    guard let shown = shown(epochs) else { return }
    var sheet = ResultTable([("temperature", .right), ("text", .left)])
    let texts =
      [("seed text", shown.seedText)] + shown.samples.map { ("\($0.temperature)", $0.text) }
    for (name, text) in texts {
      for (number, line) in wrapped(text).enumerated() {
        sheet.add([number == 0 ? name : "", line])
      }
    }
    run.add(sheet, titled: "What the network writes after epoch \(shown.epoch)")
    var table = ResultTable(
      "temperature", "bits per character", "real words", "longest copy", words: 0)
    for sample in shown.samples {
      table.add([
        "\(sample.temperature)", ResultTable.number(sample.entropy),
        ResultTable.number(sample.realWords), "\(sample.longestCopy) characters",
      ])
    }
    run.add(table, titled: "Uncertainty, words that occur in the corpus, longest passage out of it")
    if asPrinted {
      run.note("As printed, each temperature has continued what the one before had written.")
    }
    let cut = corpus.count * 9 / 10
    let known = KnownText(corpus, 0..<cut)
    if let share = known.shareOfWords(corpus.text(cut..<corpus.count)) {
      run.note(
        "Real words are those of the corpus itself, learned ones included. For comparison: of the words "
          + "in its last tenth, \(ResultTable.number(share)) occur in the nine tenths before.")
    }
  }

  /// A text in lines of about 76 characters.
  private func wrapped(_ text: String) -> [String] {
    var lines = [""]
    for word in text.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
      if lines[lines.count - 1].count + word.count > 75 { lines.append("") }
      if !lines[lines.count - 1].isEmpty { lines[lines.count - 1] += " " }
      lines[lines.count - 1] += word
    }
    return lines
  }

  /// The numbers beside the book's.
  func report(_ history: History, _ epochs: [SampledEpoch], _ run: ChapterRun) {
    let losses = history["loss"]
    for epoch in [1, 20, 40, 55, 59] where losses.count >= epoch {
      run.result(
        "training loss after epoch \(epoch)", book: BookResults.losses[epoch - 1],
        here: losses[epoch - 1], better: .lower)
    }
    if let lowest = losses.min() {
      run.result(
        "lowest training loss", book: BookResults.losses.min(), here: lowest, better: .lower)
    }
    for sample in shown(epochs)?.samples ?? [] {
      let name = "temperature \(sample.temperature): "
      run.result(
        name + "entropy", here: sample.entropy, unit: "bits per character", better: .lower)
      run.result(name + "share of real words", here: sample.realWords ?? .nan, better: .higher)
    }
    if !asPrinted {
      run.note(
        "The book's loop ends after 59 epochs; here the 60 it means are trained, with gradients scaled "
          + "down to the norm \(RMSprop.clipNorm) where they exceed it.")
    }
  }
}
