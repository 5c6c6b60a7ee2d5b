import ArgumentParser
import Gallery

@main
struct Chapter8VAE: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter8-vae")

  @OptionGroup var options: RunOptions
}
