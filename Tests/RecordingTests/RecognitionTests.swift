import Testing

@testable import Recording

/// What a line of output holds, and what it only seems to hold.
struct RecognitionTests {
    @Test(arguments: [
        (
            "step:250/3300 val_loss:3.2800 train_time:468051ms step_avg:1883.34ms",
            "keys with values | step 250 of 3300 by step | val_loss=3.28(5, -4) | train_time=468051(6, 0) ms | step_avg=1883.34(6, -2) ms"
        ),
        (
            "epoch 3 | loss 0.25 | acc 91.2%",
            "keys with values | step 3 by epoch | loss=0.25(2, -2) | acc=91.2(3, -1) %"
        ),
        (
            "{'loss': 0.693, 'learning_rate': 2e-05, 'epoch': 1.0}",
            "a Python dictionary | loss=0.693(3, -3) | learning_rate=2e-05(1, -5) | epoch=1.0(2, -1)"
        ),
        ("INFO:trainer:loss=0.12, step=100", "keys with values | step 100 by step | loss=0.12(2, -2)"),
        (
            #"{"step": 5, "loss": NaN, "ok": true, "n": {"a": 9223372036854775807}, "who": "a\u00e9", "none": null}"#,
            "a JSON object | step 5 by step | loss=nan(0, -) | ok=1(1, 0) | n/a=9223372036854775807(19, 0) | who='aé'"
        ),
        (
            "{'loss': tensor(0.5, device='cuda:0'), 'acc': np.float32(0.25), 'good': True, 'x': None}",
            "a Python dictionary | loss=0.5(1, -1) | acc=0.25(2, -2) | good=1(1, 0)"
        ),
        ("metrics: {'loss': inf, 'global_step': 7}", "a Python dictionary | step 7 by global_step | loss=inf(0, -)"),
        (
            "global_step=250 loss=1e-5 epoch=2",
            "keys with values | step 250 by global_step | loss=1e-05(1, -5) | epoch=2(1, 0)"
        ),
        (
            "iteration 7: loss = 1,234.5 (lr: 3e-4)",
            "keys with values | step 7 by iteration | loss=1234.5(5, -1) | lr=0.0003(1, -4)"
        ),
        ("2026-01-31T12:00:00Z loss: -0.5; acc: nan", "keys with values | loss=-0.5(1, -1) | acc=nan(0, -)"),
        ("12:00:00 [INFO] train: loss=0.5, 3.2 s", nil),
        ("[rank0]: step 3, loss 0.5", "keys with values | step 3 by step | loss=0.5(1, -1)"),
        (
            "I0131 12:00:00.123456 4711 trainer.cc:52] iter 20, loss = 0.5",
            "keys with values | step 20 by iter | loss=0.5(1, -1)"
        ),
        ("Step 3: reward 12.5 k", "keys with values | step 3 by Step | reward=12.5(3, -1) k"),
        ("val_loss: 0.25", "keys with values | val_loss=0.25(2, -2)"),
        ("valLoss: 0.25 stopAt=", nil),
        ("Loss 0.31 (0.29)  Acc@1 71.20 (70.93)", "keys with values | Loss=0.31(2, -2) | Acc@1=71.2(4, -2)"),
        ("step=5 loss=0.5 v_num=3 seed=7", "keys with values | step 5 by step | loss=0.5(1, -1)"),
        ("step=5 loss=1,234 acc=0.5", "keys with values | step 5 by step | acc=0.5(1, -1)"),
        ("step=1.0 loss=0.5", "keys with values | step 1 by step | loss=0.5(1, -1)"),
        ("epoch=0.25 loss=0.5", "keys with values | epoch=0.25(2, -2) | loss=0.5(1, -1)"),
        ("best_epoch: 3, val_loss: 0.5", "keys with values | best_epoch=3(1, 0) | val_loss=0.5(1, -1)"),
        ("Namespace(lr=0.1, seed=3)", "a configuration | lr: 0.1 | seed: 3"),
        (
            "args: Namespace(lr=0.1, shape=(3, 4), name='a, b')",
            "a configuration | lr: 0.1 | shape: (3, 4) | name: 'a, b'"
        ),
        ("TrainConfig(model='gpt', loss=0.5)", "a configuration | model: 'gpt' | loss: 0.5"),
        ("{'lr': 0.1, 'batch_size': 32, 'name': 'x'}", "a configuration | lr: 0.1 | batch_size: 32 | name: x"),
    ])
    func `a line is taken as it is printed`(text: String, taken: String?) {
        #expect(recognition(of: text).taken == taken)
    }

    @Test(arguments: [
        // Dates and times.
        "2026-01-31", "Sat Jan 31 12:00:00 2026", "started at 2026-01-31 12:00:00", "ETA: 0:12:30",
        "12:00:00.123 ready", "time: 12:30",
        // Versions.
        "torch 2.1.0", "v1.2", "CUDA 11.8", "python: 3.12.1", "version: 1.2", "Driver Version: 550.54",
        "score-lib 1.2.0",
        // Paths.
        "/data/run_3/step_100/loss_0.25.pt", "saved: out/model-0.5.pt", "loading ./step=100/loss=0.5", "path: /a/b/0.5",
        "C:\\runs\\loss=0.5.txt is there",
        // Addresses and ports.
        "listening on 192.168.0.1:8080", "host: 10.0.0.1", "port: 6006",
        "TensorBoard 2.15 at http://localhost:6006/ (loss=0.5)",
        "https://example.org/?loss=0.5", "mail to loss=0.5@example.org",
        // Downloads and other progress.
        "Downloading: 45%|████▌     | 450M/1.00G [00:10<00:12, 43.2MB/s]", "45%", "Downloading... 45.3%",
        "Progress: 12/100", "100%|██████████| 10/10 [00:01<00:00, 9.9it/s]",
        // Shapes.
        "[64, 128]", "(3, 224, 224)", "input shape: (3, 224, 224)", "x: torch.Size([64, 128])", "loss shape [64, 1]",
        "logits (64, 10) loss (64,)",
        // Hashes and commits.
        "commit 3f2c1a7e0d4b4c399a552f0f3e4b8a11deadbeef", "sha256: 0123456789abcdef",
        "HEAD is now at 1234567 fix loss", "run 12345678",
        // Tracebacks.
        "Traceback (most recent call last):", "  File \"x.py\", line 12, in train",
        "ValueError: loss 0.5 is not finite", "RuntimeError: CUDA error: 700", "KeyError: 'loss'",
        // Memory.
        "GPU memory: 12.3 GB", "Mem:  64215  12034", "peak memory 31630 MiB",
        "CUDA out of memory. Tried to allocate 2.00 GiB", "12345 KB used",
        // Processes and seeds.
        "PID 4711", "[4711] started", "pid: 4711", "seed: 42", "Seed set to 42", "Global seed set to 42", "rank 0 of 8",
        // Settings.
        "lr: 0.1, batch_size: 32", "--lr 0.1 --loss 0.5", "loss_weight: 0.5", "loss_fn: mse", "epochs: 10",
        "max_steps=1000, warmup=0.1", "learning_rate = 0.001", "min_loss = 0.5",
        "number of parameters: 124.44M",
        // Code.
        "loss = 0.5 * (a - b)", "for epoch in range(10):", "if loss < 0.5:", "self.loss = 0.5", "    return loss / 2.0",
        "loss = 0.5;", "# loss = 0.5", "print(loss, 0.5)", "def loss(x=0.5):",
        ">>> loss = 0.5", "$ python train.py loss=0.5",
        // Configurations over several lines.
        "{", "  \"loss\": 0.5,", "  'loss': 0.5,", "},", "\"loss\": 0.5", "loss: {",
        // Warnings and errors.
        "UserWarning: loss is 0.5", "WARNING:root:loss=0.5, step=3", "WARNING - step 3 loss 0.5",
        "[ERROR] step 3, loss 0.5", "warning: loss=0.5", "2026-01-31 12:00:00 | WARNING | loss 0.5",
        // Years.
        "Copyright 2026 the authors, loss 0.5", "(c) 2026 X", "© 2026",
        // Sentences.
        "The loss is 0.5", "loss went from 0.5 to 0.4", "Epoch 3: val_loss improved from 0.5 to 0.4",
        "took 12.3 seconds", "Found 3 files in 2 folders", "Early stopping at epoch 12, loss 0.5 is best",
        "saving checkpoint at step 1000", "error 404", "accuracy 5", "loss=0", "3 errors, 2 warnings", "loss", "loss:",
        "loss=,", "=0.5", ": 0.5", "0.5", "1 2 3", "a b c", "", "   ", "-----", "nan", "inf",
        "Accuracy: 9890/10000 (99%)", "loss=0.5.1", "loss=0,25", "loss=1.2.3.4", "loss=0x1p3", "loss=1e", "loss: 12:30",
        "loss=3/4", "loss -> 0.5", "loss == 0.5", "loss := 0.5",
    ])
    func `what is unclear is no metric, with a reason`(text: String) {
        let found = recognition(of: text)

        #expect(found.values.isEmpty, "\(found.explanation)")
        #expect(found.line == nil)
        #expect(found.reason?.isEmpty == false)
    }

    @Test
    func `an explanation says what is taken and what is not`() {
        #expect(
            recognition(of: "step:3/9 loss:0.250 t:5ms eta:1:02").explanation
                == "keys with values: step 3 of 9 (step), loss 0.25 (3 digits), t 5 ms (1 digit), not eta: it is no number"
        )
        #expect(
            recognition(of: "seed: 3").explanation == "no metrics: it has no step, and no key is named like a metric")
        #expect(recognition(of: "Namespace(lr=0.1)").explanation == "a configuration: it repeats settings, lr = 0.1")
    }

    @Test
    func `steps that begin again in every epoch are counted on`() {
        var recognizer = OutputRecognizer()
        let steps = [
            "Epoch [1/5], Step [100/600], Loss: 0.5", "Epoch [1/5], Step [600/600], Loss: 0.4",
            "Epoch [2/5], Step [100/600], Loss: 0.3",
            "Epoch [4/5], Step [50/600], Loss: 0.2",
        ].map { recognizer.recognize(OutputLine($0)).step?.value }

        #expect(steps == [100, 600, 700, 1850])
    }

    @Test
    func `an epoch on a line of its own is the step of the lines below, of which the last counts`() {
        var recognizer = OutputRecognizer()
        let steps = ["Epoch 2/3", "loss: 0.5", "val_loss: 0.4", "loss: 0.3", "acc: 0.5"].map {
            recognizer.recognize(OutputLine($0)).step?.value
        }

        #expect(steps == [2, 2, 2, 2, 2])
        #expect(recognizer.recognize(OutputLine("loss: 0.3")).isOfEpoch)
        #expect(!recognizer.recognize(OutputLine("step 3 loss: 0.3")).isOfEpoch)
    }

    @Test(arguments: [
        "step loss acc|1 0.5 0.25", "epoch,train loss,acc|1,0.5,0.25", "epoch\tloss\tacc|1\t0.5\t0.25",
        "| epoch | loss | acc ||---|---|---|| 1 | 0.5 | 25% |",
    ])
    func `a row of numbers below names is a row of a table`(text: String) {
        var recognizer = OutputRecognizer()
        let isMarkdown = text.hasPrefix("|")
        let lines =
            isMarkdown
            ? ["| epoch | loss | acc |", "|---|---|---|", "| 1 | 0.5 | 25% |"]
            : text.split(separator: "|").map(String.init)
        let found = lines.map { recognizer.recognize(OutputLine($0)) }

        #expect(found.first?.kind == .tableHeader)
        #expect(found.last?.kind == .tableRow)
        #expect(found.last?.step?.value == 1)
        #expect(found.last?.values.count == 2)
    }

    @Test(arguments: [
        "the loss of step|1 2 3 4", "name value|3 4", "loss|0.5", "step loss|1 2 3", "step loss|a 3",
        "step 1 loss|1 2 3",
    ])
    func `words above numbers are no table unless they name steps and metrics`(text: String) {
        var recognizer = OutputRecognizer()
        let found = text.split(separator: "|").map { recognizer.recognize(OutputLine(String($0))) }

        #expect(found.allSatisfy { $0.values.isEmpty })
    }

    @Test
    func `a line between ends a table`() {
        var recognizer = OutputRecognizer()
        let found = ["step loss", "1 0.5", "done", "2 0.4"].map { recognizer.recognize(OutputLine($0)).kind }

        #expect(found == [.tableHeader, .tableRow, .nothing, .nothing])
    }

    @Test
    func `a recognition is a line of the protocol`() {
        let line = recognition(of: "step 3 loss 0.5 n 4").line

        #expect(line == LoggedLine(step: 3, values: [LoggedEntry("loss", .real(0.5)), LoggedEntry("n", .integer(4))]))
    }
}
