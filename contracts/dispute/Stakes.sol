// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Parameters, StakeView} from "../interfaces/IDispute.sol";
import {
    AlreadyStaked,
    LiveClaims,
    NotStaked,
    NotStruck,
    NothingBurned,
    PursesOpen,
    UnknownStake
} from "../lib/Errors.sol";
import {Meter} from "../lib/Meter.sol";
import {Bonds} from "./Bonds.sol";
import {Clock} from "./Clock.sol";

/// Stakes: one backs all claims of an account. When one of these is refuted it is struck, once and for ever: R goes to who refuted
/// it, two purses stay locked for what proofs (F) and moves (M) against its claims have cost, the rest is burned. A purse pays first
/// come first served, what was really spent, so that a cheater that pays itself gets back R and q and what it has burned as gas.
abstract contract Stakes is Clock, Bonds {
    struct Stake {
        address owner;
        /// Claims on it whose end is not recorded.
        uint64 live;
        bool released;
        /// Of a struck stake: R, and q, are still to be paid.
        bool rewardLeft;
        bool payLeft;
        /// Protocol time; 0 while it stands.
        uint64 struckAt;
        uint128 proofPurse;
        uint128 movePurse;
    }

    Parameters internal _p;

    uint256 public stakeCount;
    mapping(uint256 stakeId => Stake) internal _stakes;
    mapping(address owner => uint256) public stakeOf;

    // ---------------------------------------------------------------- moves

    function stake() external payable whenNotPaused returns (uint256 stakeId) {
        stakeId = stakeOf[msg.sender];
        if (stakeId != 0) revert AlreadyStaked(stakeId);
        _deposit(msg.sender);
        _lock(msg.sender, _p.stake);
        stakeId = ++stakeCount;
        _stakes[stakeId].owner = msg.sender;
        stakeOf[msg.sender] = stakeId;
        emit Staked(stakeId, msg.sender);
    }

    function unstake() external whenNotPaused {
        uint256 stakeId = stakeOf[msg.sender];
        if (stakeId == 0) revert NotStaked();
        Stake storage s = _stakes[stakeId];
        if (s.live != 0) revert LiveClaims(s.live);
        s.released = true;
        stakeOf[msg.sender] = 0;
        emit Unstaked(stakeId, msg.sender);
        _pay(msg.sender, _p.stake);
    }

    function closePurses(uint256 stakeId) external whenNotPaused {
        Stake storage s = _existingStake(stakeId);
        if (s.struckAt == 0) revert NotStruck();
        if (_pursesOpen(s)) revert PursesOpen(_pursesUntil(s));
        uint256 left = uint256(s.proofPurse) + s.movePurse + (s.rewardLeft ? _p.reward : 0);
        if (left == 0) revert NothingBurned();
        (s.proofPurse, s.movePurse, s.rewardLeft, s.payLeft) = (0, 0, false, false);
        emit PursesClosed(stakeId, left);
        _burn(left);
    }

    // ---------------------------------------------------------------- views

    function getStakes(uint256 from, uint256 to) external view returns (StakeView[] memory views) {
        if (to < from) return views;
        views = new StakeView[](to - from + 1);
        for (uint256 id = from; id <= to; ++id) {
            Stake storage s = _existingStake(id);
            views[id - from] = StakeView({
                id: id,
                owner: s.owner,
                live: s.live,
                released: s.released,
                struck: s.struckAt != 0,
                struckAt: s.struckAt,
                pursesUntil: _pursesUntil(s),
                proofPurse: s.proofPurse,
                movePurse: s.movePurse,
                rewardLeft: s.rewardLeft,
                proofPayLeft: s.payLeft
            });
        }
    }

    // ---------------------------------------------------------------- for claims and games

    /// The end of a stake: one of its claims was refuted.
    function _strike(uint256 stakeId, Stake storage s) internal {
        s.struckAt = time();
        stakeOf[s.owner] = 0;
        (s.rewardLeft, s.payLeft) = (true, true);
        (s.proofPurse, s.movePurse) = (_p.proofPurse, _p.movePurse);
        emit Struck(stakeId, s.owner, time());
        _burn(uint256(_p.stake) - _p.proofPurse - _p.movePurse - _p.reward);
    }

    /// R, to the first who comes for it.
    function _reward(Stake storage s, address winner) internal {
        if (!s.rewardLeft || !_pursesOpen(s)) return;
        s.rewardLeft = false;
        _pay(winner, _p.reward);
    }

    /// What the moves of a game have cost its challenger, as far as M reaches.
    function _repayMoves(uint256 stakeId, uint256 gameId, address challenger, uint256 spent) internal {
        Stake storage s = _stakes[stakeId];
        uint256 amount = Math.min(spent, s.movePurse);
        if (amount == 0 || !_pursesOpen(s)) return;
        s.movePurse -= uint128(amount);
        emit Reimbursed(stakeId, gameId, challenger, 0, amount);
        _pay(challenger, amount);
    }

    /// Up to `owed` for a proof and, once per stake, q, as far as F reaches. Returns how much of what was owed is paid.
    function _repayProof(uint256 stakeId, uint256 gameId, address payee, bytes32 key, uint256 owed)
        internal
        returns (uint256 paid)
    {
        Stake storage s = _stakes[stakeId];
        if (owed == 0 || s.proofPurse == 0 || !_pursesOpen(s)) return 0;
        paid = Math.min(owed, s.proofPurse);
        uint256 pay = s.payLeft ? Math.min(_p.proofPay, s.proofPurse - paid) : 0;
        s.payLeft = false;
        s.proofPurse -= uint128(paid + pay);
        emit Reimbursed(stakeId, gameId, payee, key, paid + pay);
        _pay(payee, paid + pay);
    }

    /// Wei per gas that is paid back now: what the transaction pays, with 1 gwei of its tip at most, up to maxPrice.
    function _price() internal view returns (uint256) {
        return Math.min(Meter.price(), _p.maxPrice);
    }

    function _existingStake(uint256 stakeId) private view returns (Stake storage s) {
        s = _stakes[stakeId];
        if (s.owner == address(0)) revert UnknownStake(stakeId);
    }

    /// No game that was about to be proven at the strike lasts longer.
    function _pursesUntil(Stake storage s) private view returns (uint64) {
        return s.struckAt == 0 ? 0 : s.struckAt + _p.clock + _p.proofWindow;
    }

    function _pursesOpen(Stake storage s) private view returns (bool) {
        return time() < _pursesUntil(s);
    }
}
