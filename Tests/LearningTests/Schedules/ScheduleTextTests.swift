import Learning
import Testing
import TextFormats

/// Schedules as they are typed, stored and combined.
struct ScheduleTextTests {
    private static let oneCycle = """
        onecycle:anneal=cos,cycle_momentum=true,div_factor=25,final_div_factor=10000,max=1,max_momentum=0.95,\
        min_momentum=0.85,pct_start=0.3,three_phase=false,total=9
        """

    @Test(arguments: [
        ("cosine:total=500", "cosine:min=0,total=500"),
        ("cosine:total=500,min=0", "cosine:min=0,total=500"),
        ("cosine:T_max=5e2,eta_min=1e-3", "cosine:min=0.001,total=500"),
        ("constant", "constant:factor=1,total=5"),
        ("CosineAnnealingLR:T_max=500", "cosine:min=0,total=500"),
        ("one-cycle:max=1,total=9*ExponentialLR:gamma=1", "\(oneCycle)*exponential:gamma=1"),
        ("MultiStepLR:milestones=5,20,gamma=0.5", "multistep:gamma=0.5,milestones=5/20"),
        ("multistep:milestones=5/20/20", "multistep:gamma=0.1,milestones=5/20/20"),
        ("warmup:total=10+exponential:gamma=0.5", "warmup:total=10+exponential:gamma=0.5"),
        ("warmup:total=1e+1+linear:end=0", "warmup:total=10+linear:end=0,start=0.3333333333333333,total=5"),
        (
            "warmup:total=9+cosine:total=3*exponential:gamma=0.9",
            "warmup:total=9+cosine:min=0,total=3*exponential:gamma=0.9"
        ),
    ])
    func `a schedule's text is read with every value filled in, and reads back the same`(
        typed: String, complete: String
    ) throws {
        let schedule = try ScheduleRegistry.configuration(from: typed)

        #expect("\(schedule)" == complete)
        #expect(try ScheduleRegistry.configuration(from: complete) == schedule)
    }

    @Test(arguments: [
        ("cosin:total=5", "there is no schedule 'cosin' (did you mean 'cosine'?)"),
        ("", "there is no schedule ''"),
        ("cosine", "the schedule cosine needs total, a whole number of at least 1"),
        ("cosine:total=0", "total is a whole number of at least 1, not '0'"),
        ("cosine:total=2.5", "total is a whole number"),
        ("cosine:totl=5", "'totl' is not a hyperparameter of the schedule cosine (did you mean 'total'?)"),
        ("cosine:total", "'total' in the schedule 'cosine:total' is not one new NAME=VALUE"),
        ("cosine:total=5,total=6", "'total=6'"),
        ("cosine:total=5,", "'' in the schedule"),
        ("cosine:total=5+", "there is no schedule ''"),
        ("linear:start=0", "start is a number in (0, 1], not '0'"),
        ("constant:factor=1.5", "factor is a number in [0, 1]"),
        ("multistep:milestones=20/5", "milestones is a list of steps in rising order"),
        ("multistep:milestones=", "milestones is a list of steps"),
        ("onecycle:max=0.5,total=60,anneal=sine", "anneal is one of cos, linear, not 'sine'"),
        ("onecycle:max=0.5,total=60,pct_start=1.1", "pct_start is a number in [0, 1]"),
        ("plateau:factor=1", "factor is a number in [0, 1), not '1'"),
        ("cosine-restarts:period=0", "period is a whole number of at least 1"),
        ("exponential:gamma=0.9+constant", "'exponential:gamma=0.9' never ends"),
        ("constant*cyclic:min=0.1,max=0.2", "replaces the learning rate of the schedules before it"),
    ])
    func `a bad schedule is refused with a sentence that says what is right`(text: String, sentence: String) {
        let error = #expect(throws: LearningError.self) { try ScheduleRegistry.configuration(from: text) }
        #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "plateau", "multistep:milestones=1/5", "warmup:total=3+plateau", "constant:factor=0.5*exponential:gamma=0.9",
        "warmup:total=2+onecycle:max=0.3,total=10*exponential:gamma=0.99",
    ])
    func `a schedule survives the configuration's text`(_ text: String) throws {
        var request = RunSpec()
        request.schedule = try ScheduleRegistry.configuration(from: text)
        let configuration = try request.configuration()

        let json = try configuration.canonicalJSON()

        #expect(try RunConfiguration(json: json) == configuration)
    }

    @Test
    func `a schedule is stored with its name and every value`() throws {
        var request = RunSpec()
        request.schedule = try ScheduleRegistry.configuration(from: "warmup:total=5+cosine:total=95")

        let json = try request.configuration().canonicalJSON()

        #expect(
            json.contains(
                #""schedule":{"sequence":[{"hyperparameters":{"total":5},"name":"warmup"},"#
                    + #"{"hyperparameters":{"min":0,"total":95},"name":"cosine"}]}"#))
    }

    @Test(arguments: [("adagrad", false), ("sgd", true), ("adam", true), ("lion", true), ("lbfgs", false)])
    func `a schedule that cycles the momentum needs an optimizer that has one`(
        optimizer: String, isAccepted: Bool
    ) throws {
        var request = RunSpec()
        request.optimizer = optimizer
        request.schedule = try ScheduleRegistry.configuration(from: "warmup:total=5+onecycle:max=0.1,total=100")
        let result = Result { try request.configuration() }

        #expect(((try? result.get()) != nil) == isAccepted)
    }

    @Test
    func `every hyperparameter of every schedule says what it means`() {
        let silent = ScheduleRegistry.all.flatMap { rule in
            rule.hyperparameters.filter { $0.meaning.isEmpty }.map { "\(rule.name) \($0.name)" }
        }
        #expect(silent == [])
    }
}
