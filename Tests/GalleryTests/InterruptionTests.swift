import ArgumentParser
import DeepLearning
import Foundation
import TestSupport
import Testing

@testable import Gallery

/// Each test is a process of its own, because a signal is for the whole process.
@Suite struct InterruptionTests {
  /// Presses Ctrl-C in the middle of the second epoch.
  final class ControlC: Callback {
    func stepDidEnd(_ run: TrainingRun) throws {
      if run.epoch == 2 && run.step == 2 { raise(SIGINT) }
    }
  }

  /// Makes this thread hear signals: those of a test process do not.
  static func hearSignals() {
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  @Test("A second signal ends the program", .ahead)
  func secondSignalEndsTheProgram() async {
    let result = await #expect(
      processExitsWith: .exitCode(130), observing: [\.standardErrorContent]
    ) {
      Self.hearSignals()
      Interruption.listen()
      #expect(!Interruption.isRequested)
      raise(SIGINT)
      guard Interruption.isRequested, Interruption.exitCode == 130 else { exit(1) }
      raise(SIGINT)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("keeping what has been learned"))
  }

  @Test("SIGTERM counts like Ctrl-C", .ahead)
  func terminationCountsToo() async {
    await #expect(processExitsWith: .exitCode(143)) {
      Self.hearSignals()
      Interruption.listen()
      raise(SIGTERM)
      exit(Interruption.isRequested ? Interruption.exitCode : 1)
    }
  }

  @Test("Before training the program ends at once", .ahead)
  func beforeTrainingTheProgramEndsAtOnce() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Self.hearSignals()
      _ = Interruption()
      raise(SIGINT)
    }
  }

  @Test("Training ends and the run is kept", .ahead)
  func trainingEndsAndTheRunIsKept() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Self.hearSignals()
      let output = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID())")
      defer { try? FileManager.default.removeItem(at: output) }
      let run = try ChapterRun(
        "chapter0-example", section: "0.1", title: "An example",
        RunOptions.parse(["--no-progress", "--output", output.path]))
      let (model, x, y) = smallTask()
      let history = try model.fit(
        x, y, epochs: 5, batchSize: 10, callbacks: [ControlC()] + run.callbacks())
      run.result("epochs", here: Double(history.epochs.count), better: .higher)
      // A second training does not begin; the run is written down instead.
      do { try model.fit(x, y, epochs: 5, callbacks: run.callbacks()) } catch let code as ExitCode {
        let json = try String(
          contentsOf: run.folder.appending(path: "metrics.json"), encoding: .utf8)
        let isRight =
          history.epochs.count == 1 && run.isInterrupted
          && json.contains("\"interruptedAfterEpoch\" : 1") && json.contains("\"here\" : 1")
        try? FileManager.default.removeItem(at: output)
        exit(isRight ? code.rawValue : 1)
      }
    }
  }

  @Test("The callback alone ends training", .ahead)
  func theCallbackAloneEndsTraining() async {
    await #expect(processExitsWith: .success) {
      Self.hearSignals()
      let (model, x, y) = smallTask()
      let callbacks: [any Callback] = [ControlC(), Interruption()]
      let first = try model.fit(x, y, epochs: 5, batchSize: 10, callbacks: callbacks)
      let second = try model.fit(x, y, epochs: 5, batchSize: 10, callbacks: callbacks)
      if first.epochs.count != 1 || !second.epochs.isEmpty { exit(1) }
    }
  }

  /// A test of a program waits for its sentence, and then stops it where it is known to be.
  @Test("A stopped run waits for its checkpoint", .ahead)
  func waitsToBeStoppedBehindTheCheckpoint() async {
    await #expect(processExitsWith: .success) {
      setenv("DLWP_WAIT_AT", "2", 1)
      let output = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID())")
      defer { try? FileManager.default.removeItem(at: output) }
      let errors = Pipe()
      dup2(errors.fileHandleForWriting.fileDescriptor, STDERR_FILENO)
      let file = output.appending(path: "state.safetensors")
      Thread.detachNewThread {
        var said = ""
        while !said.hasSuffix("waiting to be stopped\n") {
          said += String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        }
        // The progress of the second epoch is out, and its checkpoint is whole.
        let (model, _, _) = smallTask()
        let past = try? model.restoreTraining(from: file)
        if past?.epochs.count != 2 || !said.contains("epoch 2/") { exit(1) }
        Self.hearSignals()
        raise(SIGINT)
      }
      let run = try ChapterRun(
        "chapter0-example", section: "0.1", title: "An example",
        RunOptions.parse(["--output", output.path]))
      let (model, x, y) = smallTask()
      let history = try model.fit(
        x, y, epochs: 1_000_000, batchSize: 10,
        callbacks: [TrainingCheckpoint(file)] + run.callbacks())
      if history.epochs.count != 2 || !run.isInterrupted { exit(1) }
    }
  }

  /// Signals come in the middle of matrix products, thousands of times.
  @Test("Signals do not disturb the numbers", .ahead)
  func signalsDoNotDisturbTheNumbers() async {
    await #expect(processExitsWith: .success) {
      func weights() throws -> [[Float]] {
        var random = RandomGenerator(seed: 3)
        let x = Tensor.normal([2048, 200], using: &random)
        let y = Tensor((0..<2048).map { Float($0 % 2) }).reshaped([2048, 1])
        let model = Sequential(input: [200]) {
          Dense(256, activation: .relu)
          Dense(256, activation: .relu)
          Dense(1, activation: .sigmoid)
        }
        model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy)
        try model.fit(x, y, epochs: 5, batchSize: 512)
        return model.weights.map { $0.value.scalars }
      }
      let undisturbed = try weights()
      Interruption.reserveStack()
      Interruption.install({ _ in }, for: SIGALRM)
      Self.hearSignals()
      let thread = pthread_self()
      Thread.detachNewThread {
        while true {
          pthread_kill(thread, SIGALRM)
          usleep(200)
        }
      }
      if try weights() != undisturbed { exit(1) }
    }
  }
}
