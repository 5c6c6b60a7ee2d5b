/// What the help of every chapter says about the flags that all have.
let sharedFlagsHelp = """
    --epochs <number>       How often to go through the training data. Default:
                            as in the book.
    --batch-size <number>   How many samples make one training step. Default: as
                            in the book.
    --seed <number>         Random seed. The same seed reproduces the same
                            results. (default: 42)
    --data <folder>         The folder with the data. Default: what DLWP_DATA
                            names, else data/ of the checkout.
    --output <folder>       The folder for figures and reports; each chapter
                            makes its own inside. (default: output)
    --quick                 A rehearsal: less data, fewer epochs, numbers that
                            mean little.
    --no-progress           No progress bar.
    --offline               Download nothing: use the data that is here, or else
                            a stand-in.
    --tensorboard           Write training's curves and graph for TensorBoard,
                            into tensorboard/.
  """
