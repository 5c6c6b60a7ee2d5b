import Testing

@testable import DeepLearning

/// Lists of measurements.
@Suite struct HistoryTests {
  @Test("Logs keep their order")
  func logs() {
    var logs = Logs()
    logs["loss"] = 1
    logs["acc"] = 0.5
    logs["loss"] = 2
    #expect(logs.entries.map(\.name) == ["loss", "acc"] && logs["loss"] == 2)
    logs["loss"] = nil
    #expect(logs["loss"] == nil && logs.entries.count == 1)
    logs["nothing"] = nil
    #expect(logs.entries.count == 1)
  }

  @Test("History is read by name and printed as text")
  func names() {
    var history = History()
    #expect(history.names.isEmpty && history.csv == "epoch\n" && history["loss"] == [])
    for (loss, accuracy) in [(0.5, 0.7), (0.25, nil), (0.75, 0.9)] as [(Float, Float?)] {
      var logs = Logs()
      logs["loss"] = loss
      logs["acc"] = accuracy
      history.append(logs, seconds: 2)
    }
    #expect(history["loss"] == [0.5, 0.25, 0.75] && history.seconds == [2, 2, 2])
    #expect(history.epochOfMinimum("loss") == 2)
    #expect(history.csv == "epoch,loss,acc\n1,0.5,0.7\n2,0.25,\n3,0.75,0.9\n")
  }
}
