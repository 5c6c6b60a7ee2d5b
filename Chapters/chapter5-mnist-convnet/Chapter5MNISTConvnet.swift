import ArgumentParser
import Gallery

@main
struct Chapter5MNISTConvnet: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter5-mnist-convnet")
}
